using Doorward.Policy;
using Doorward.Server.Proxy.Headers;
using Doorward.Server.Routes;
using Microsoft.AspNetCore.Http;

namespace Doorward.Server.Proxy.Upstreams;

/// <summary>Fills a header's template. Once: what fills a place is never read as a template again.</summary>
internal static class Fill
{
    /// <returns>Null, so that no header is sent, where a place has nothing to be filled with.</returns>
    public static string? Template(HeaderTemplate template, Exchange exchange, HttpContext context)
    {
        if (template.Parts is [{ Value: TemplateValue.Literal } only])
            return only.Text;
        var text = new System.Text.StringBuilder();
        foreach (var part in template.Parts)
        {
            if (ValueOf(part, exchange, context) is not { Length: > 0 } value)
                return null;
            text.Append(value);
        }

        return text.ToString();
    }

    private static string? ValueOf(TemplatePart part, Exchange exchange, HttpContext context)
    {
        var identity = exchange.Request.Identity;
        var certificate = exchange.Request.Certificate;
        return part.Value switch
        {
            TemplateValue.Literal => part.Text,
            TemplateValue.Assertion => identity.Assertion,
            TemplateValue.IdToken => identity.IdToken,
            TemplateValue.AccessToken => identity.AccessToken,
            TemplateValue.CertificateFingerprint => Valid(certificate)?.Fingerprint,
            TemplateValue.CertificateDnsNames => Join(Valid(certificate)?.SanDns),
            TemplateValue.CertificateEmails => Join(Valid(certificate)?.SanEmail),
            TemplateValue.CertificateUris => Join(Valid(certificate)?.SanUri),
            // What a client may not send, a template must not bring back.
            TemplateValue.RequestHeader when exchange.Scrub.FateOf(part.Text) == HeaderFate.Keep => context.Request.Headers[part.Text].ToString(),
            _ => null,
        };
    }

    private static CertificateFacts? Valid(CertificateFacts? certificate) => certificate is { Valid: true } ? certificate : null;

    private static string? Join(IReadOnlyList<string>? names) => names is null ? null : string.Join(',', names);
}
