using Doorward.Policy.Tests.Kit;

namespace Doorward.Policy.Tests.Explaining;

/// <summary>What an explanation says to do, and what would be enough.</summary>
public class AdviceTests
{
    private const string AskAdministrator = "Ask whoever looks after this service for access, and quote the id on this page.";

    private const string AnotherAccount = "Sign in with another account, or ask for yours to be admitted; your e-mail address must be verified.";

    private static readonly DeviceFacts _device = new() { Id = "d1", Compliant = false, Approved = false, Types = ["any"], Attributes = new Dictionary<string, FactValue> { ["os"] = new("mac") } };

    [Theory]
    [InlineData("{'groups': 'x'}", "Ask for a change of your groups, so that you are in the group «x».")]
    [InlineData("{'email': 'x@y.z'}", AnotherAccount)]
    [InlineData("{'domain': 'y.z'}", AnotherAccount)]
    [InlineData("{'user': 'x'}", AnotherAccount)]
    [InlineData("{'device/compliant': true}", "Bring your device into line with the rules for devices, or use another one.")]
    [InlineData("{'device/approved': true}", "Use another device, or ask for this one to be approved.")]
    [InlineData("{'device/os': 'linux'}", "Use another device, or ask for this one to be approved.")]
    [InlineData("{'source_ip': '192.0.2.0/24'}", "Connect from a network that is admitted, such as the office or the VPN.")]
    [InlineData("{'date': {'after': '2027-01-01'}}", "Come back when the time is right: it is asked that it is 2027-01-01 00:00:00 UTC or later.")]
    [InlineData("{'day_of_week': 'sun'}", "Come back when the time is right: it is asked that it is Sunday in UTC.")]
    [InlineData("{'time_of_day': {'after': '20:00', 'timezone': 'UTC'}}", "Come back when the time is right: it is asked that it is 20:00 or later in UTC.")]
    [InlineData("{'authentication': {'provider': 'x'}}", "Sign in again, in the way that is asked for.")]
    [InlineData("{'client_certificate': {'san_dns': 'x'}}", "Show another client certificate.")]
    [InlineData("{'http_method': 'PUT'}", AskAdministrator)]
    [InlineData("{'claim/x': 'y'}", AskAdministrator)]
    [InlineData("{'reject': true}", AskAdministrator)]
    public void Somebody_refused_is_told_what_to_do(string criterion, string advice) => Assert.Equal([advice], Next("{'allow': {'and': [" + criterion + "]}}"));

    [Theory]
    [InlineData("{'groups': 'sre'}")]
    [InlineData("{'email': 'ada@example.com'}")]
    [InlineData("{'device/compliant': false}")]
    [InlineData("{'device': {'is': 'd1'}}")]
    [InlineData("{'source_ip': '10.0.0.0/8'}")]
    public void What_somebody_cannot_undo_is_for_an_administrator(string criterion) => Assert.Equal([AskAdministrator], Next("{'allow': {'not': [" + criterion + "]}}"));

    [Fact]
    public void Whose_certificate_is_asked_not_to_be_there_may_show_another() =>
        Assert.Equal(["Show another client certificate."], Next("{'allow': {'not': [{'invalid_client_certificate': true}]}}"));

    [Fact]
    public void What_must_not_be_so_is_told_as_such() => Assert.Equal(
        ["Come back when the time is right: it is asked that it is not so that it is Thursday in UTC."],
        Next("{'allow': {'not': [{'day_of_week': 'thu'}]}}"));

    [Fact]
    public void The_same_advice_is_given_once() => Assert.Equal([AnotherAccount], Next("{'allow': {'and': [{'email': 'x@y.z'}, {'user': 'x'}]}}"));

    [Theory]
    [InlineData("{'authenticated_user': true}", "Sign in.")]
    public void A_stranger_is_asked_to_sign_in(string criterion, string advice) => Assert.Equal([advice], Policies.Allowing(criterion).Explain(Some.Stranger()).Next);

    [Theory]
    [InlineData("{'session_age': {'under': '5m'}}", "Sign in again: your sign-in is too long ago.")]
    [InlineData("{'authentication': {'amr': 'hwk'}}", "Sign in again, in the stronger way that is asked for.")]
    [InlineData("{'device': {'type': 'tpm'}}", "Use a device that your organisation manages, in the browser that was set up on it, and sign in there.")]
    public void What_is_asked_for_is_told(string criterion, string advice) => Assert.Equal([advice], Policies.Allowing(criterion).Explain(Some.SignedIn()).Next);

    [Fact]
    public void All_that_is_asked_for_is_told_in_order() => Assert.Equal(
        ["Sign in again: your sign-in is too long ago.", "Sign in again, in the stronger way that is asked for.", "Use a device that your organisation manages, in the browser that was set up on it, and sign in there."],
        Policies.Of("{'allow': {'and': [{'device': {'type': 'tpm'}}, {'authentication': {'amr': 'hwk'}}, {'session_age': {'under': '5m'}}]}}").Explain(Some.SignedIn()).Next);

    [Fact]
    public void Certificates_are_asked_for()
    {
        var policy = Policies.Of("[{'allow': {'and': [{'accept': true}]}}, {'deny': {'or': [{'invalid_client_certificate': true}]}}]");
        Assert.Equal(["Install a client certificate that is accepted here, open the page again and choose it."], policy.Explain(Some.Stranger()).Next);
        var facts = new Facts { Now = Some.Now, Certificate = new CertificateFacts { Fingerprint = new('a', 64), Valid = false } };
        Assert.Equal(["Choose a client certificate that is valid, or renew yours; you may have to restart the browser."], policy.Explain(facts).Next);
    }

    [Fact]
    public void Locks_and_ends_come_before_everything()
    {
        var policy = Policies.Of("{'allow': {'and': [{'groups': 'x'}]}}");
        var locked = policy.Explain(Some.SignedIn(locks: new LockSet([new Lock(LockKind.Person, "u1")])));
        Assert.Equal(["Ask an administrator to lift the lock; signing in again will not help."], locked.Next);
        Assert.Equal(Reason.Locked, locked.Change!.Lifted);
        var ended = policy.Explain(Some.SignedIn(person: new PersonFacts { Id = "u1", Active = false }));
        Assert.Equal(["Ask whoever manages your account."], ended.Next);
        Assert.Equal(Reason.Ended, ended.Change!.Lifted);
    }

    [Fact]
    public void Who_is_let_through_is_told_nothing_to_do() => Assert.Empty(Policies.Allowing("{'accept': true}").Explain(Some.Stranger()).Next);

    private static IReadOnlyList<string> Next(string policy) => Policies.Of(policy).Explain(Some.SignedIn(device: _device)).Next;
}
