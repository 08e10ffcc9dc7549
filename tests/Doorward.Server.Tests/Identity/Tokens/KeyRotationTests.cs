using Doorward.Server.Identity.Providers;
using Doorward.Server.Identity.Tokens;
using Doorward.Server.Tests.Identity.Lab;
using Doorward.Server.Tests.Lab;

namespace Doorward.Server.Tests.Identity.Tokens;

public sealed class KeyRotationTests : IAsyncDisposable
{
    private const string Path = "/jwks";

    private readonly ManualTime _time = new();
    private LyingProvider _provider = null!;
    private BoundedHttp _http = null!;
    private JwksSource _keys = null!;

    [Fact]
    public async Task A_new_key_is_fetched_when_a_token_names_it()
    {
        await StartAsync();
        Assert.Equal(TokenRefusal.None, await JudgeAsync());
        _provider.Published.Add(_provider.Signer = LabKey.OtherRsa());
        _time.Advance(LastGood<KeySet>.CoolDown);
        Assert.Equal(TokenRefusal.None, await JudgeAsync());
        Assert.Equal(2, _provider.Hits[Path]);
    }

    [Fact]
    public async Task While_keys_rotate_each_second_under_load_no_token_older_than_a_fetch_is_refused()
    {
        await StartAsync();
        Assert.Equal(TokenRefusal.None, await JudgeAsync());
        var (fetches, known, sound) = (_provider.Hits[Path], new List<string>(), new List<string> { _provider.WriteToken(null) });
        for (var second = 0; second < 60; second++)
        {
            _provider.Published.Add(_provider.Signer = LabKey.OtherRsa($"rotated-{second}"));
            _time.Advance(TimeSpan.FromSeconds(1));
            var newest = _provider.WriteToken(null);
            // Whoever comes with the newest makes it look, as far as it may; whatever was published at that look is good.
            await JudgeAsync(newest);
            sound.Add(newest);
            if (_provider.Hits[Path] != fetches) (fetches, known) = (_provider.Hits[Path], [.. sound]);
            await Parallel.ForEachAsync(known, async (token, _) => Assert.Equal(TokenRefusal.None, await JudgeAsync(token)));
        }

        Assert.InRange(fetches, 2, 4);
    }

    [Fact]
    [Trait("advisory", "59")]
    public async Task Ten_thousand_unknown_keys_cause_one_fetch_in_thirty_seconds()
    {
        await StartAsync();
        Assert.Equal(TokenRefusal.None, await JudgeAsync());
        _time.Advance(LastGood<KeySet>.CoolDown);
        await Parallel.ForAsync(0, 10_000, async (i, _) => Assert.Equal(
            TokenRefusal.UnknownKey,
            (await _keys.FindAsync(new TokenHeader(SigningAlgorithm.Find("RS256")!, $"invented-{i}"), null, CancellationToken.None)).Refusal));
        Assert.Equal(2, _provider.Hits[Path]);
    }

    [Fact]
    public async Task Another_key_under_the_same_id_is_taken_up()
    {
        await StartAsync();
        Assert.Equal(TokenRefusal.None, await JudgeAsync());
        _provider.Published[0] = _provider.Signer = LabKey.OtherRsa("rsa-1");
        _time.Advance(LastGood<KeySet>.CoolDown);
        Assert.Equal(TokenRefusal.None, await JudgeAsync());
    }

    [Fact]
    public async Task A_key_that_was_taken_back_is_refused_after_the_next_fetch()
    {
        await StartAsync();
        Assert.Equal(TokenRefusal.None, await JudgeAsync());
        _provider.Published[0] = LabKey.OtherRsa();
        _time.Advance(LastGood<KeySet>.Fresh);
        Assert.Equal(TokenRefusal.UnknownKey, await JudgeAsync());
    }

    [Fact]
    [Trait("advisory", "59")]
    public async Task The_last_good_keys_stand_in_for_an_hour_and_no_longer()
    {
        await StartAsync();
        Assert.Equal(TokenRefusal.None, await JudgeAsync());
        _provider.Instead[Path] = context =>
        {
            context.Response.StatusCode = 500;
            return Task.CompletedTask;
        };
        _time.Advance(LastGood<KeySet>.Bound - TimeSpan.FromSeconds(1));
        Assert.Equal(TokenRefusal.None, await JudgeAsync());
        _time.Advance(TimeSpan.FromSeconds(31));
        var fault = await Assert.ThrowsAsync<ProviderFaultException>(() => JudgeAsync());
        Assert.True(fault.IsHiccup);
    }

    [Fact]
    public async Task However_many_ask_at_once_one_fetch_is_under_way()
    {
        await StartAsync();
        await Parallel.ForAsync(0, 1000, async (_, _) => Assert.Equal(TokenRefusal.None, await JudgeAsync()));
        Assert.Equal(1, _provider.Hits[Path]);
    }

    [Fact]
    public async Task The_first_fetch_is_tried_again_when_it_failed()
    {
        await StartAsync();
        _provider.Instead[Path] = context => context.Response.Body.FlushAsync();
        await Assert.ThrowsAsync<ProviderFaultException>(() => JudgeAsync());
        _provider.Instead.Clear();
        _time.Advance(LastGood<KeySet>.RetryAfter);
        Assert.Equal(TokenRefusal.None, await JudgeAsync());
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _provider.DisposeAsync();
    }

    private async Task StartAsync()
    {
        _provider = await LyingProvider.StartAsync(_time);
        _http = new BoundedHttp(Outbound.Connect, null, 16, _time);
        _keys = new JwksSource(_ => ValueTask.FromResult(new Uri(_provider.Issuer + Path)), _http, _time);
    }

    private async Task<TokenRefusal> JudgeAsync(string? token = null)
    {
        var rules = new TokenRules
        {
            Types = TokenTypes.IdToken, Algorithms = TokenRules.AllAlgorithms, Issuer = new IssuerRule(_provider.Issuer), Audience = LyingProvider.ClientId,
        };
        return (await new TokenValidator(_time).ValidateAsync(token ?? _provider.WriteToken(null), rules, _keys.FindAsync, CancellationToken.None)).Refusal;
    }
}
