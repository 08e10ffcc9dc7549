using Doorward.Policy.Tests.Kit;

namespace Doorward.Policy.Tests.Evaluation;

public class CertificateTests
{
    private const string Fingerprint = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
    private const string Key = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    private const string OtherKey = "BAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

    [Theory]
    [InlineData("'fingerprint': '" + Fingerprint + "'", "true")]
    [InlineData("'fingerprint': ['00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF']", "true")]
    [InlineData("'fingerprint': ['10112233445566778899aabbccddeeff00112233445566778899aabbccddeeff']", "false")]
    [InlineData("'spki_hash': '" + Key + "'", "true")]
    [InlineData("'spki_hash': ['" + OtherKey + "']", "false")]
    [InlineData("'san_email': {'ends_with': '@example.com'}", "true")]
    [InlineData("'san_email': 'c@example.com'", "false")]
    [InlineData("'san_email': {'not': 'a@example.com'}", "true")]
    [InlineData("'san_dns': 'laptop.example.com'", "true")]
    [InlineData("'san_dns': {'not': 'laptop.example.com'}", "false")]
    [InlineData("'san_uri': {'starts_with': 'spiffe://'}", "false")]
    [InlineData("'san_dns': 'laptop.example.com', 'fingerprint': '" + Fingerprint + "'", "true")]
    [InlineData("'san_dns': 'laptop.example.com', 'san_uri': 'x'", "false")]
    public void A_valid_certificate_is_compared_by_all_its_parts(string data, string truth)
    {
        var certificate = new CertificateFacts { Fingerprint = Fingerprint, SpkiHash = Key, SanEmail = ["a@example.com", "b@example.com"], SanDns = ["laptop.example.com"], Valid = true };
        var reason = truth == "true" ? "client-certificate-ok" : "client-certificate-unauthorized";
        Assert.Equal($"{truth} {reason}", Verdict.Of("{'client_certificate': {" + data + "}}", new Facts { Now = Some.Now, Certificate = certificate }));
    }

    [Theory]
    [InlineData("'fingerprint': '" + Fingerprint + "'", "true client-certificate-ok")]
    [InlineData("'spki_hash': '" + Key + "'", "unknown client-certificate-unauthorized")]
    [InlineData("'san_dns': 'laptop.example.com'", "unknown client-certificate-unauthorized")]
    [InlineData("'san_email': {'not': 'x'}", "unknown client-certificate-unauthorized")]
    [InlineData("'san_uri': {'not': 'x'}", "unknown client-certificate-unauthorized")]
    [InlineData("'san_dns': 'laptop.example.com', 'fingerprint': '10112233445566778899aabbccddeeff00112233445566778899aabbccddeeff'", "false client-certificate-unauthorized")]
    public void The_names_of_a_certificate_that_is_not_valid_do_not_count(string data, string verdict)
    {
        var certificate = new CertificateFacts { Fingerprint = Fingerprint, SanDns = ["laptop.example.com"] };
        Assert.Equal(verdict, Verdict.Of("{'client_certificate': {" + data + "}}", new Facts { Now = Some.Now, Certificate = certificate }));
    }

    [Fact]
    public void Certificate_trouble_is_told_apart()
    {
        var valid = new Facts { Now = Some.Now, Certificate = new CertificateFacts { Fingerprint = Fingerprint, Valid = true } };
        var invalid = new Facts { Now = Some.Now, Certificate = new CertificateFacts { Fingerprint = Fingerprint } };
        Assert.Equal("false valid-client-certificate", Verdict.Of("{'invalid_client_certificate': true}", valid));
        Assert.Equal("true invalid-client-certificate", Verdict.Of("{'invalid_client_certificate': true}", invalid));
        Assert.Equal("true client-certificate-required", Verdict.Of("{'invalid_client_certificate': true}", new Facts { Now = Some.Now }));
    }
}
