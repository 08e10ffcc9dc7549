using System.Net;
using Doorward.Policy.Syntax;

namespace Doorward.Policy.Evaluation;

/// <summary><see cref="SourceIpCriterion"/>.</summary>
internal sealed class SourceIpEvaluator(IEnumerable<IPNetwork> networks) : Evaluator(Reason.SourceIpOk, Reason.SourceIpUnauthorized, aboutPerson: false)
{
    private readonly NetworkSet _networks = new(networks);

    protected override Verdict Judge(in Known known) => known.Facts.SourceIp is { } address ? Told(_networks.Contains(address)) : Absent;
}

/// <summary><see cref="InvalidClientCertificateCriterion"/>.</summary>
internal sealed class InvalidCertificateEvaluator() : Evaluator(Reason.InvalidClientCertificate, Reason.ValidClientCertificate, aboutPerson: false)
{
    private static readonly ReasonSet Required = ReasonSet.Of(Reason.ClientCertificateRequired);

    protected override Verdict Judge(in Known known) =>
        known.Facts.Certificate is { } certificate ? Told(!certificate.Valid) : new Verdict(Truth.True, Remedies.None, Required);
}

/// <summary><see cref="ClientCertificateCriterion"/>.</summary>
internal sealed class ClientCertificateEvaluator(ClientCertificateCriterion criterion)
    : Evaluator(Reason.ClientCertificateOk, Reason.ClientCertificateUnauthorized, aboutPerson: false)
{
    private readonly TextSet? _fingerprints = criterion.Fingerprints is null ? null : new TextSet(criterion.Fingerprints);
    private readonly TextSet? _keys = criterion.SpkiHashes is null ? null : new TextSet(criterion.SpkiHashes);
    private readonly TextMatcher? _email = criterion.SanEmail is null ? null : new TextMatcher(criterion.SanEmail);
    private readonly TextMatcher? _dns = criterion.SanDns is null ? null : new TextMatcher(criterion.SanDns);
    private readonly TextMatcher? _uri = criterion.SanUri is null ? null : new TextMatcher(criterion.SanUri);

    protected override Verdict Judge(in Known known)
    {
        if (known.Facts.Certificate is not { } certificate) return Absent;
        var truth = _fingerprints is null ? Truth.True : Kleene.Of(_fingerprints.Contains(certificate.Fingerprint));
        if (_keys is not null) truth = Kleene.And(truth, certificate.SpkiHash is { } key ? Kleene.Of(_keys.Contains(key)) : Truth.Unknown);
        truth = Kleene.And(truth, Names(_email, certificate.SanEmail, certificate));
        truth = Kleene.And(truth, Names(_dns, certificate.SanDns, certificate));
        return Told(Kleene.And(truth, Names(_uri, certificate.SanUri, certificate)));
    }

    private static Truth Names(TextMatcher? matcher, IReadOnlyList<string> names, CertificateFacts certificate)
    {
        if (matcher is null) return Truth.True;
        if (!certificate.Valid) return Truth.Unknown;
        for (var i = 0; i < names.Count; i++)
            if (matcher.Matches(names[i])) return Truth.True;
        return Truth.False;
    }
}
