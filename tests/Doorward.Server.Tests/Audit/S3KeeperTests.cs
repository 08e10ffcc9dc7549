using System.Net;
using System.Text;
using Doorward.Server.Audit.Checkpoints;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace Doorward.Server.Tests.Audit;

public sealed class S3KeeperTests
{
    /// <summary>The example «PUT Object» of Amazon's documentation of Signature Version 4.</summary>
    [Fact]
    public void The_signature_is_that_of_the_documented_example()
    {
        var options = new S3Options { Bucket = new("https://examplebucket.s3.amazonaws.com"), Region = "us-east-1", AccessKey = "AKIAIOSFODNN7EXAMPLE", SecretKey = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY" };
        using var request = new HttpRequestMessage(HttpMethod.Put, "https://examplebucket.s3.amazonaws.com/test%24file.text");
        request.Headers.Date = new DateTimeOffset(2013, 5, 24, 0, 0, 0, TimeSpan.Zero);
        request.Headers.Add("x-amz-storage-class", "REDUCED_REDUNDANCY");
        S3Signature.Sign(request, Encoding.UTF8.GetBytes("Welcome to Amazon S3."), options, new(2013, 5, 24, 0, 0, 0, DateTimeKind.Utc));
        Assert.Equal(
            "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders=date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class,Signature=98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
            request.Headers.GetValues("Authorization").Single());
    }

    [Fact]
    public async Task A_checkpoint_is_put_under_object_lock_and_a_refusal_is_told()
    {
        var (seen, status) = (new List<(string Path, Dictionary<string, string> Headers, string Body)>(), HttpStatusCode.OK);
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        await using var server = builder.Build();
        server.Run(async context =>
        {
            // Copied: the server uses a request's headers again.
            seen.Add((context.Request.Path, context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase), await new StreamReader(context.Request.Body).ReadToEndAsync()));
            context.Response.StatusCode = (int)status;
        });
        await server.StartAsync(TestContext.Current.CancellationToken);
        using var http = new HttpClient();
        var keeper = new S3Keeper(new() { Bucket = new($"{server.Urls.Single()}/my-audit"), Region = "eu-central-1", AccessKey = "key", SecretKey = "canary" }, http, TimeProvider.System);
        var checkpoint = new Checkpoint(new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), "node-1", []);

        await keeper.KeepAsync(checkpoint, "the line", default);

        var put = Assert.Single(seen);
        Assert.Equal("/my-audit/checkpoints/2026-01-02/030405000-node-1.json", put.Path);
        Assert.Equal("the line\n", put.Body);
        Assert.Equal("COMPLIANCE", put.Headers["x-amz-object-lock-mode"]);
        Assert.True(DateTimeOffset.Parse(put.Headers["x-amz-object-lock-retain-until-date"], null) > DateTimeOffset.UtcNow.AddYears(9));
        status = HttpStatusCode.Forbidden;
        var failure = await Assert.ThrowsAsync<HttpRequestException>(() => keeper.KeepAsync(checkpoint, "the line", default));
        Assert.DoesNotContain("canary", failure.ToString(), StringComparison.Ordinal);
    }
}
