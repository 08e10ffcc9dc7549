using Doorward.Policy.Tests.Kit;

namespace Doorward.Policy.Tests.Evaluation;

public class DeviceTests
{
    private static readonly string[] Any = ["any"];
    private static readonly string[] Enclave = ["enclave_only"];

    [Theory]
    [InlineData("{'device': {'type': 'any'}}")]
    [InlineData("{'device/compliant': true}")]
    [InlineData("{'device/approved': false}")]
    [InlineData("{'device/os': {'not': 'x'}}")]
    public void A_session_without_a_device_asks_for_one(string criterion) =>
        Assert.Equal("unknown device-unauthenticated ask device", Verdict.Of(criterion, Some.SignedIn()));

    public static TheoryData<string, string[], bool?, string> Rows => new()
    {
        { "{'type': 'any'}", Any, null, "true device-ok" },
        { "{'type': 'any'}", Enclave, null, "true device-ok" },
        { "{'type': 'any'}", [], true, "unknown device-unauthenticated ask device" },
        { "{'type': 'enclave_only'}", Any, true, "unknown device-unauthenticated ask device" },
        { "{'type': 'enclave_only'}", ["any", "enclave_only"], true, "true device-ok" },
        { "{'is': 'd1'}", Any, null, "true device-ok" },
        { "{'is': 'd2'}", Any, null, "false device-unauthorized" },
        { "{'is': 'd2'}", [], null, "unknown device-unauthenticated ask device" },
        { "{'approved': true}", Any, true, "true device-ok" },
        { "{'approved': true}", Any, false, "false device-unauthorized" },
        { "{'approved': true}", Any, null, "unknown device-unauthorized" },
        { "{'approved': false}", Any, false, "true device-ok" },
        { "{'approved': false}", Any, null, "unknown device-unauthorized" },
        { "{'approved': true, 'is': 'd2'}", Any, null, "false device-unauthorized" },
        { "{'approved': true, 'is': 'd1', 'type': 'any'}", Any, true, "true device-ok" },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_device_is_asked_by_type_id_and_approval(string data, string[] types, bool? approved, string verdict) =>
        Assert.Equal(verdict, Verdict.Of("{'device': " + data + "}", Some.SignedIn(device: new DeviceFacts { Id = "d1", Types = types, Approved = approved })));

    [Theory]
    [InlineData("compliant", true, "true", "true device-ok")]
    [InlineData("compliant", false, "true", "false device-unauthorized")]
    [InlineData("compliant", false, "{'is': false}", "true device-ok")]
    [InlineData("compliant", null, "true", "unknown device-unauthorized")]
    [InlineData("approved", true, "true", "true device-ok")]
    [InlineData("approved", false, "true", "false device-unauthorized")]
    [InlineData("approved", null, "false", "unknown device-unauthorized")]
    public void A_state_that_nobody_told_is_unknown(string attribute, bool? told, string matcher, string verdict)
    {
        var device = new DeviceFacts { Id = "d1", Compliant = attribute == "compliant" ? told : !told, Approved = attribute == "approved" ? told : !told };
        Assert.Equal(verdict, Verdict.Of($"{{'device/{attribute}': {matcher}}}", Some.SignedIn(device: device)));
    }

    [Theory]
    [InlineData("os", "{'starts_with': 'mac'}", "true device-ok")]
    [InlineData("os", "'linux'", "false device-unauthorized")]
    [InlineData("disk", "'x'", "unknown device-unauthorized")]
    public void An_attribute_told_by_posture_is_compared(string attribute, string matcher, string verdict)
    {
        var device = new DeviceFacts { Id = "d1", Attributes = new Dictionary<string, FactValue> { ["os"] = new("macos") } };
        Assert.Equal(verdict, Verdict.Of($"{{'device/{attribute}': {matcher}}}", Some.SignedIn(device: device)));
    }
}
