namespace Doorward.Server.Store;

/// <summary>A transaction that was certainly not committed, and may be tried again.</summary>
internal sealed class WriteConflictException(Exception inner) : Exception("The transaction was not committed.", inner);
