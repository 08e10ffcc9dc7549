using CsCheck;

namespace Doorward.Policy.Tests.Random;

/// <summary>The few values that policies and facts are made of: so few that they often meet.</summary>
internal static class Pools
{
    public static readonly Gen<string> Word = Gen.OneOf("", "a", "b", "ab", "ba", "A", "true", "1", "2.5", "2026-06-01");

    public static readonly Gen<string> Name = Gen.OneOf("sre", "ops", "g1", "g2", "dev", "dev-ops");

    public static readonly Gen<string> Person = Gen.OneOf("u1", "u2", "u11");

    public static readonly Gen<string> Email = Gen.OneOf("ada@example.com", "Ada@Example.COM", "bob@example.com", "ada@other.org", "ada", "a@b@example.com", "@example.com", "ada@");

    public static readonly Gen<string> Domain = Gen.OneOf("example.com", "Example.COM", "other.org", "com");

    public static readonly Gen<string> Method = Gen.OneOf("GET", "POST", "OPTIONS", "get");

    public static readonly Gen<string> Path = Gen.OneOf("/", "/a", "/a/b", "/b");

    public static readonly Gen<string> Host = Gen.OneOf("app.example.com", "APP.example.com", "example.com", "api.example.com");

    public static readonly Gen<string> Tool = Gen.OneOf("read", "write", "read_all");

    public static readonly Gen<string> Verb = Gen.OneOf("get", "create", "proxy", "delete");

    public static readonly Gen<string> Subresource = Gen.OneOf("", "exec", "attach", "portforward", "ephemeralcontainers", "proxy", "log");

    public static readonly Gen<string> Field = Gen.OneOf("x", "y", "x/y");

    public static readonly Gen<string> Header = Gen.OneOf("x-a", "Origin", "X-A");

    public static readonly Gen<string> Key = Gen.OneOf(SshKey("ssh-ed25519", 1), SshKey("ssh-rsa", 2), SshKey("ssh-rsa", 1));

    public static readonly Gen<string> Fingerprint = Gen.OneOf(new string('a', 64), new string('b', 64));

    /// <summary>Base64 of 32 bytes.</summary>
    public static readonly Gen<string> Hash = Gen.OneOf(Convert.ToBase64String(new byte[32]), Convert.ToBase64String([.. Enumerable.Repeat((byte)1, 32)]));

    public static readonly Gen<string> Zone = Gen.OneOf("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "America/Santiago", "Pacific/Chatham");

    /// <summary>Around the changes of the clocks of two years, and in between; some to the tick.</summary>
    public static readonly Gen<DateTimeOffset> Instant =
        Gen.Select(
            Gen.Frequency((2, Gen.OneOf(Changes)), (3, Gen.Int[0, 730].Select(day => new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero).AddDays(day)))),
            Gen.Int[-1500, 1500],
            Gen.Frequency((3, Gen.Const(0L)), (1, Gen.Long[0, TimeSpan.TicksPerMinute])),
            (day, minutes, ticks) => day.AddMinutes(minutes).AddTicks(ticks));

    private static DateTimeOffset[] Changes =>
    [
        new(2026, 3, 29, 1, 0, 0, TimeSpan.Zero),
        new(2026, 10, 25, 1, 0, 0, TimeSpan.Zero),
        new(2026, 3, 8, 7, 0, 0, TimeSpan.Zero),
        new(2026, 11, 1, 6, 0, 0, TimeSpan.Zero),
        new(2026, 4, 4, 15, 0, 0, TimeSpan.Zero),
        new(2026, 10, 3, 15, 30, 0, TimeSpan.Zero),
        new(2026, 4, 5, 3, 0, 0, TimeSpan.Zero),
        new(2026, 9, 6, 4, 0, 0, TimeSpan.Zero),
    ];

    /// <summary>A line as in authorized_keys; the wire format names the type again (RFC 4253, section 6.6).</summary>
    public static string SshKey(string type, byte content) =>
        $"{type} {Convert.ToBase64String([0, 0, 0, (byte)type.Length, .. System.Text.Encoding.ASCII.GetBytes(type), content])}";

    public static Gen<IReadOnlyList<string>> Some(Gen<string> pool, int most = 3) => pool.Array[0, most].Select(items => (IReadOnlyList<string>)items);

    /// <summary>Nothing at all, every fourth time.</summary>
    public static Gen<T?> Maybe<T>(Gen<T> gen, double missing = 0.25)
        where T : class => Gen.Null(gen, missing);

    public static Gen<T?> MaybeValue<T>(Gen<T> gen, double missing = 0.25)
        where T : struct => Gen.Nullable(gen, missing);
}
