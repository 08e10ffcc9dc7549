using System.Collections.ObjectModel;
using Doorward.Server.Routes.Reading;

namespace Doorward.Server.Routes.Options;

/// <summary>Deny rules that join every route they select, and that no route can widen.</summary>
[Section("a guardrail")]
internal sealed record GuardrailOptions : Section
{
    /// <summary>A name of its own among the guardrails.</summary>
    [Key(Required = true, Example = "no-contractors-in-production")]
    public string Name { get; init; } = "";

    /// <summary>Selects routes by their host: `app.example.com`, every host under a domain with `*.example.com`, all with `*`.</summary>
    [Key(Example = "[ \"*.prod.example.com\" ]", Default = "all hosts, where `labels` is written")]
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>Selects routes that carry all of these labels. With `hosts` as well, both must select.</summary>
    [Key(Example = "{ stage: production }", Default = "any labels, where `hosts` is written")]
    public IReadOnlyDictionary<string, string> Labels { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>Names of policies, or a policy, with deny rules only.</summary>
    [Key(Required = true, Example = "{ deny: { or: [ { groups: { has: contractors } } ] } }")]
    public PolicyChoice? Policy { get; init; }
}
