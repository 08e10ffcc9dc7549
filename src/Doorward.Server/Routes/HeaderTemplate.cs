namespace Doorward.Server.Routes;

/// <summary>What a place in a <see cref="HeaderTemplate"/> is filled with.</summary>
internal enum TemplateValue
{
    Literal,
    Assertion,
    IdToken,
    AccessToken,
    CertificateFingerprint,
    CertificateDnsNames,
    CertificateEmails,
    CertificateUris,
    RequestHeader,
}

/// <summary>A piece of a <see cref="HeaderTemplate"/>; the text is the literal, or the request header's name.</summary>
internal readonly record struct TemplatePart(TemplateValue Value, string Text);

/// <summary>
/// A header's value with places to fill: <c>${doorward.jwt}</c>, <c>.id_token</c>, <c>.access_token</c>, <c>.client_cert_fingerprint</c>,
/// <c>.client_cert_san_dns</c>, <c>.client_cert_san_email</c>, <c>.client_cert_san_uri</c>, and <c>${request.headers["X"]}</c>; <c>$$</c> is one
/// dollar sign. What fills a place is never looked through for places again: a claim that reads <c>${...}</c> is just text.
/// </summary>
internal sealed class HeaderTemplate
{
    private static readonly (string Name, TemplateValue Value)[] Names =
    [
        ("jwt", TemplateValue.Assertion),
        ("id_token", TemplateValue.IdToken),
        ("access_token", TemplateValue.AccessToken),
        ("client_cert_fingerprint", TemplateValue.CertificateFingerprint),
        ("client_cert_san_dns", TemplateValue.CertificateDnsNames),
        ("client_cert_san_email", TemplateValue.CertificateEmails),
        ("client_cert_san_uri", TemplateValue.CertificateUris),
    ];

    // The original product's first word works as well, for those who move from it.
    private static readonly string[] Prefixes = ["doorward.", "pomerium."];

    private HeaderTemplate(string text, IReadOnlyList<TemplatePart> parts) => (Text, Parts) = (text, parts);

    /// <summary>As it was written.</summary>
    public string Text { get; }

    public IReadOnlyList<TemplatePart> Parts { get; }

    /// <summary>Whether filling it needs this.</summary>
    public bool Reads(TemplateValue value) => Parts.Any(part => part.Value == value);

    /// <summary>Reads a template; the problem, where there is one, is the end of a sentence.</summary>
    public static HeaderTemplate? Parse(string text, out string? problem)
    {
        var parts = new List<TemplatePart>();
        var literal = new System.Text.StringBuilder();
        problem = text.AsSpan().ContainsAny('\r', '\n', '\0') ? "a header's value has no line breaks" : null;
        for (var i = 0; problem is null && i < text.Length; i++)
        {
            if (text[i] != '$' || i + 1 == text.Length || text[i + 1] is not ('$' or '{'))
            {
                literal.Append(text[i]);
            }
            else if (text[++i] == '$')
            {
                literal.Append('$');
            }
            else
            {
                var end = text.IndexOf('}', i);
                var inside = end < 0 ? text[(i + 1)..] : text[(i + 1)..end];
                if (end < 0 || PartOf(inside) is not { } part)
                {
                    problem = end < 0 ? "${ is never closed" : $"${{{inside}}} is not known";
                    break;
                }

                if (literal.Length > 0)
                    parts.Add(new(TemplateValue.Literal, literal.ToString()));
                literal.Clear();
                parts.Add(part);
                i = end;
            }
        }

        if (literal.Length > 0)
            parts.Add(new(TemplateValue.Literal, literal.ToString()));
        return problem is null ? new(text, parts) : null;
    }

    private static TemplatePart? PartOf(string inside)
    {
        var name = inside;
        foreach (var prefix in Prefixes)
        {
            if (inside.StartsWith(prefix, StringComparison.Ordinal))
                name = inside[prefix.Length..];
        }

        const string Header = "request.headers[\"";
        if (name.StartsWith(Header, StringComparison.Ordinal) && name.EndsWith("\"]", StringComparison.Ordinal) && name.Length > Header.Length + 2)
            return new(TemplateValue.RequestHeader, name[Header.Length..^2]);
        foreach (var (known, value) in Names)
        {
            if (name == known && name != inside)
                return new(value, "");
        }

        return null;
    }

    public override string ToString() => Text;
}
