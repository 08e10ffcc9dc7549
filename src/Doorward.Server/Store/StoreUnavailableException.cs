namespace Doorward.Server.Store;

/// <summary>The store did not answer, or not in time: nothing was decided and nothing is known. Answered with 503 and <c>Retry-After</c>, never with a sign-in.</summary>
internal sealed class StoreUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
