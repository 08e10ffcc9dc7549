using System.Security.Cryptography;
using Doorward.DevIdp.SignIn;

namespace Doorward.DevIdp.Protocol;

/// <summary>
/// The grants in force. Each code and each refresh token is good for one use (RFC 9700, 4.14.2): the second use means that it was
/// stolen or sent twice, and ends the grant.
/// </summary>
internal sealed class Grants
{
    private readonly Lock _lock = new();
    private readonly DevIdpOptions _options;
    private readonly StateFile<List<Grant>> _file;
    private readonly Dictionary<string, Grant> _grants;

    public Grants(DevIdpOptions options)
    {
        _options = options;
        _file = new(options.StateFolder, "grants.json");
        _grants = (_file.Load() ?? []).ToDictionary(g => g.Id);
    }

    public Grant Start(string clientId, BrowserSession session)
    {
        var grant = new Grant
        {
            Id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)),
            ClientId = clientId,
            Session = session,
            LastUsed = _options.Time.GetUtcNow(),
        };
        lock (_lock)
        {
            _grants.Add(grant.Id, grant);
            Save();
        }
        return grant;
    }

    public Grant? Find(string? id)
    {
        lock (_lock)
            return id is null ? null : _grants.GetValueOrDefault(id);
    }

    /// <summary>Uses the token of <paramref name="turn"/>.</summary>
    /// <returns>The grant with its next turn; null where the grant has ended, or ends now.</returns>
    public Grant? Use(string? id, int turn)
    {
        lock (_lock)
        {
            if (id is null || !_grants.TryGetValue(id, out var grant))
                return null;
            if (grant.Turn != turn)
            {
                _grants.Remove(id);
                Save();
                return null;
            }
            grant = _grants[id] = grant with { Turn = turn + 1, LastUsed = _options.Time.GetUtcNow() };
            Save();
            return grant;
        }
    }

    /// <summary>Ends every grant of a browser's session, as its sign-out does.</summary>
    public void EndSession(string sessionId)
    {
        lock (_lock)
        {
            foreach (var grant in _grants.Values.Where(g => g.Session.Id == sessionId).ToList())
                _grants.Remove(grant.Id);
            Save();
        }
    }

    private void Save()
    {
        var oldest = _options.Time.GetUtcNow() - _options.RefreshTokenLifetime;
        foreach (var grant in _grants.Values.Where(g => g.LastUsed < oldest).ToList())
            _grants.Remove(grant.Id);
        _file.Save([.. _grants.Values]);
    }
}
