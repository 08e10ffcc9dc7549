-- needs: 1

-- cause: what told of the change, in a few words, where it is more than the kind says: the record of a connection that ends names it.
ALTER TABLE changes ADD COLUMN cause text;
