-- needs: 1

-- version: raised whenever the tokens are replaced, so that a node that was held up replaces no newer ones. contested_until: until then
-- another node may still be asking with the same tokens, so a refusal is not yet the provider's last word.
ALTER TABLE session_tokens ADD COLUMN version bigint NOT NULL DEFAULT 0;
ALTER TABLE session_tokens ADD COLUMN contested_until bigint NOT NULL DEFAULT 0;
