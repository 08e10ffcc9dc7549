using Doorward.Server.Routes;

namespace Doorward.Server.Tests.Routes;

public class HeaderTemplateTests
{
    [Theory]
    [InlineData("plain", "Literal:plain")]
    [InlineData("", "")]
    [InlineData("Bearer ${doorward.jwt}", "Literal:Bearer |Assertion:")]
    [InlineData("${pomerium.id_token}", "IdToken:")]
    [InlineData("${doorward.access_token}!", "AccessToken:|Literal:!")]
    [InlineData("${doorward.client_cert_fingerprint},${doorward.client_cert_san_uri}", "CertificateFingerprint:|Literal:,|CertificateUris:")]
    [InlineData("${request.headers[\"X-Team\"]}", "RequestHeader:X-Team")]
    [InlineData("${pomerium.request.headers[\"X\"]}", "RequestHeader:X")]
    [InlineData("5 $ and $$ and $${doorward.jwt}", "Literal:5 $ and $ and ${doorward.jwt}")]
    [InlineData("end$", "Literal:end$")]
    public void A_template_is_literals_and_places(string text, string parts)
    {
        var template = HeaderTemplate.Parse(text, out var problem);
        Assert.Null(problem);
        Assert.Equal(parts, string.Join('|', template!.Parts.Select(part => $"{part.Value}:{part.Text}")));
    }

    [Theory]
    [InlineData("${doorward.jwt", "${ is never closed")]
    [InlineData("${env.SECRET}", "${env.SECRET} is not known")]
    [InlineData("${jwt}", "${jwt} is not known")]
    [InlineData("${request.headers[\"\"]}", "${request.headers[\"\"]} is not known")]
    [InlineData("${request.headers[X]}", "${request.headers[X]} is not known")]
    [InlineData("a\r\nX: b", "a header's value has no line breaks")]
    public void What_is_not_known_is_a_problem(string text, string expected)
    {
        Assert.Null(HeaderTemplate.Parse(text, out var problem));
        Assert.Equal(expected, problem);
    }
}
