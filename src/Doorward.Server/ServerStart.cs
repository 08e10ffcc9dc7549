using Doorward.Policy;
using Doorward.Server.Identity.Providers;
using Microsoft.Extensions.Logging;

namespace Doorward.Server;

/// <summary>What a server is started with, besides its configuration.</summary>
internal sealed record ServerStart
{
    /// <summary>The main configuration file.</summary>
    public required string ConfigurationPath { get; init; }

    /// <summary>Environment variables that may speak instead of the file.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public Action<ILoggingBuilder>? Logging { get; init; }

    /// <summary>Said at the top of every page; null for nothing.</summary>
    public string? Banner { get; init; }

    /// <summary>Writes a JSON line for each record to the standard output.</summary>
    public bool RecordLines { get; init; } = true;

    /// <summary>How identity providers are reached; as the system resolves where null.</summary>
    public OutboundConnect? Connect { get; init; }
}

/// <summary>A server that runs, or why it does not.</summary>
internal sealed record Started(DoorwardServer? Server, IReadOnlyList<Problem> Problems);
