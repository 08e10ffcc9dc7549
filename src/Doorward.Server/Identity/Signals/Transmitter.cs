using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography.X509Certificates;
using Doorward.Server.Identity.Providers;
using Doorward.Server.Identity.Tokens;
using Doorward.Server.Routes.Options;

namespace Doorward.Server.Identity.Signals;

/// <summary>One transmitter: what it may do, and how what it says is believed. Its keys come from its own metadata, or from where the operator wrote; never from a token.</summary>
internal sealed class Transmitter : IDisposable
{
    /// <summary>Requests to it under way at once: keys, metadata, a verification.</summary>
    private const int Places = 4;

    private readonly BoundedHttp _http;
    private readonly LastGood<TransmitterMetadata> _metadata;
    private readonly JwksSource _keys;
    private readonly TokenValidator _validator;
    private readonly TokenRules _rules;
    private readonly bool _allowLocalHttp;

    /// <param name="options">Options that were checked with the configuration.</param>
    /// <param name="own">Doorward's own address.</param>
    /// <param name="allowLocalHttp">It may be asked without TLS where it is on this machine; only for trying out.</param>
    /// <param name="connect">How to reach it.</param>
    /// <param name="time">The clock.</param>
    public Transmitter(SignalOptions options, Uri own, bool allowLocalHttp, OutboundConnect connect, TimeProvider time)
    {
        (Options, _allowLocalHttp) = (options, allowLocalHttp);
        X509Certificate2Collection? authorities = null;
        if (options.Ca is { } ca) (authorities = []).ImportFromPem(ca.Value);
        _http = new BoundedHttp(connect, authorities, Places, time);
        _metadata = new LastGood<TransmitterMetadata>(FetchAsync, time);
        _keys = new JwksSource(async cancel => Secure(options.Jwks ?? (await _metadata.GetAsync(cancel)).Jwks, "jwks_uri"), _http, time);
        _validator = new TokenValidator(time);
        _rules = new TokenRules
        {
            Types = TokenTypes.SecurityEvent,
            Algorithms = TokenRules.AllAlgorithms,
            Issuer = new IssuerRule(Issuer),
            Audience = options.Audience ?? new Uri(own, $"{SignalsEndpoint.Path}/{options.Name}").AbsoluteUri,
        };
    }

    public SignalOptions Options { get; }

    public string Name => Options.Name;

    public string Issuer => Options.Issuer!.OriginalString;

    /// <summary>As records, facts and marks name it.</summary>
    public string Source => $"signals/{Name}";

    /// <exception cref="ProviderFaultException">Its keys cannot be had, and none are kept that are young enough: nothing is known about the token.</exception>
    public ValueTask<TokenVerdict> JudgeAsync(string token, CancellationToken cancel) => _validator.ValidateAsync(token, _rules, _keys.FindAsync, cancel);

    /// <summary>Asks for a verification event that carries this state (Shared Signals Framework 1.0 section 8.1.4.2).</summary>
    /// <exception cref="ProviderFaultException">It was not asked, or did not agree.</exception>
    public async Task VerifyAsync(VerificationOptions how, string state, CancellationToken cancel)
    {
        var url = Secure(how.Endpoint ?? (await _metadata.GetAsync(cancel)).Verification, "verification_endpoint");
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = JsonContent.Create(new Dictionary<string, string> { ["stream_id"] = how.Stream, ["state"] = state }) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", how.Token!.Value);
        var answer = await _http.SendAsync(request, ProviderStep.Verification, cancel);
        if (!answer.IsSuccess) throw new ProviderFaultException(ProviderStep.Verification, ProviderFault.UnexpectedStatus, $"{url} answered {(int)answer.Status}");
    }

    public void Dispose() => _http.Dispose();

    private async Task<TransmitterMetadata> FetchAsync(CancellationToken cancel)
    {
        var url = Secure(TransmitterMetadata.UrlOf(Options.Issuer!), "issuer");
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        var answer = await _http.SendAsync(request, ProviderStep.Discovery, cancel);
        if (!answer.IsSuccess) throw TransmitterMetadata.Fault(ProviderFault.UnexpectedStatus, $"{url} answered {(int)answer.Status}");
        return TransmitterMetadata.Parse(answer.Body, Issuer, _allowLocalHttp);
    }

    private Uri Secure(Uri? url, string what) =>
        url is null ? throw TransmitterMetadata.Fault(ProviderFault.WrongContent, $"the transmitter names no {what}")
        : Outbound.IsSecure(url, _allowLocalHttp) ? url
        : throw TransmitterMetadata.Fault(ProviderFault.InsecureUrl, $"{what} must be https");
}
