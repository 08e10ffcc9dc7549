using System.Security.Cryptography.X509Certificates;
using Doorward.DevIdp.People;
using Doorward.DevIdp.Telling;
using Microsoft.Extensions.Logging;

namespace Doorward.DevIdp;

/// <summary>What a <see cref="DevIdpServer"/> is started with.</summary>
internal sealed record DevIdpOptions
{
    /// <summary>What somebody typed to get this: it stands in the log, because a provider whose passwords are public must not run unseen.</summary>
    public required string StartedBy { get; init; }

    /// <summary>Its address, which becomes the issuer. Port 0: a free one. It listens on loopback only.</summary>
    public Uri Url { get; init; } = new("http://127.0.0.1:0");

    /// <summary>For an https <see cref="Url"/>.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>The applications that may send people here.</summary>
    public required IReadOnlyList<DevIdpClient> Clients { get; init; }

    /// <summary>The people it knows at first; changes of the page rule over them.</summary>
    public IReadOnlyList<Person> People { get; init; } = SamplePeople.All;

    /// <summary>Where people, grants and keys outlive a restart; null: they do not.</summary>
    public string? StateFolder { get; init; }

    /// <summary>How long an access token lives: clients that refresh see a change at the latest then. Default 5 minutes.</summary>
    public TimeSpan AccessTokenLifetime { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a refresh token lives unused. Default 14 days.</summary>
    public TimeSpan RefreshTokenLifetime { get; init; } = TimeSpan.FromDays(14);

    /// <summary>Whom it tells of every change, before the page answers; null: nobody, who then learns of it at the next refresh.</summary>
    public Listener? Listener { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public Action<ILoggingBuilder>? Logging { get; init; }
}

/// <summary>An application that may send people here.</summary>
/// <param name="Id">Its client id.</param>
/// <param name="Secret">Its secret; null for a public client (PKCE alone).</param>
/// <param name="RedirectUris">Compared exactly.</param>
/// <param name="PostLogoutRedirectUris">Compared exactly.</param>
internal sealed record DevIdpClient(string Id, string? Secret, IReadOnlyList<Uri> RedirectUris, IReadOnlyList<Uri> PostLogoutRedirectUris);
