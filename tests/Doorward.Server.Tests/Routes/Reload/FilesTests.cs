using Doorward.Server.Routes;
using Doorward.Server.Routes.Building;
using Doorward.Server.Routes.Options;
using Doorward.Server.Routes.Loading;
using Doorward.Server.Routes.Reading;
using Doorward.Server.Routes.Reload;
using static Doorward.Server.Tests.Routes.Reload.ConfigurationFolder;

namespace Doorward.Server.Tests.Routes.Reload;

public sealed class FilesTests
{
    [Fact]
    public void Included_files_come_and_go()
    {
        using var folder = new ConfigurationFolder().Write("doorward.yaml", Sound("include: [ routes.d/*.yaml ]\nroutes:\n" + Route("main")))
            .Write("routes.d/b.yaml", "routes:\n" + Route("b")).Write("routes.d/a.yaml", "routes:\n" + Route("a")).Write("routes.d/.hidden.yaml", "nonsense").Start();
        Assert.Equal(["main", "a", "b"], folder.Value.Routes.Select(route => route.Name));
        folder.Write("routes.d/c.yaml", "routes:\n");
        Assert.False(folder.Reload.Look());
        folder.Time.Advance(ConfigurationReload.Rest);
        folder.Write("routes.d/c.yaml", "routes:\n" + Route("c"));
        Assert.False(folder.Reload.Look());
        Assert.True(folder.Settle());
        File.Delete(folder.PathOf("routes.d/a.yaml"));
        Assert.True(folder.Settle());
        Assert.Equal(["main", "b", "c"], folder.Value.Routes.Select(route => route.Name));
        // A broken one: what it last said stays.
        folder.Write("routes.d/b.yaml", "routes: [ {");
        Assert.True(folder.Settle());
        Assert.Equal(["main", "b", "c"], folder.Value.Routes.Select(route => route.Name));
        Assert.Equal("Allow by b", folder.Answer("b.example.com"));
        Assert.NotEqual(0, folder.Reload.Status.Errors);
    }

    [Fact]
    public void A_main_file_without_a_folder_includes_what_lies_beside_it()
    {
        using var folder = new ConfigurationFolder();
        var name = $"{Guid.NewGuid():N}.yaml";
        try
        {
            File.WriteAllText(name, Sound($"include: [ more-{name} ]\nroutes:\n" + Route("one")));
            File.WriteAllText("more-" + name, "routes:\n" + Route("two"));
            folder.Start(name);
            Assert.Equal(["one", "two"], folder.Value.Routes.Select(route => route.Name));
            Assert.False(folder.Settle());
            File.WriteAllText("more-" + name, "routes:\n" + Route("three"));
            Assert.True(folder.Settle());
            Assert.Equal(["one", "three"], folder.Value.Routes.Select(route => route.Name));
            Assert.False(folder.Settle());
        }
        finally
        {
            File.Delete(name);
            File.Delete("more-" + name);
        }
    }

    [Fact]
    public void The_same_name_in_two_files_is_told_and_the_second_denies()
    {
        using var folder = new ConfigurationFolder().Write("doorward.yaml", Sound("include: [ more.yaml ]\nroutes:\n" + Route("one"))).Write("more.yaml", "routes: []").Start();
        folder.Write("more.yaml", "routes:\n  - { name: one, from: https://other.example.com, to: \"http://127.0.0.1:1\", allow_public_unauthenticated_access: true }\n");
        Assert.True(folder.Settle());
        Assert.Equal("Allow by one", folder.Answer("one.example.com"));
        Assert.StartsWith("Deny by one", folder.Answer("other.example.com"), StringComparison.Ordinal);
        Assert.Equal("DW2016", Assert.Single(folder.Reload.Status.Problems).Id);
    }

    [Fact]
    public void The_same_name_from_two_sources_is_a_problem_on_both_and_the_older_keeps_serving()
    {
        using var folder = new ConfigurationFolder().Write("doorward.yaml", Sound("routes:\n" + Route("file")));
        var loader = new ConfigurationLoader(folder.Main, new Dictionary<string, string>()) { Others = [Console("one")] };
        var first = loader.Load(new SourceFiles(), null).Configuration!;
        Assert.Equal(ObjectSource.Console, first.RouteNamed("one")!.Source);
        folder.Write("doorward.yaml", Sound("routes:\n" + Route("file") + Route("one")));
        var second = loader.Load(new SourceFiles(), first);
        Assert.Equal(ObjectSource.Console, second.Configuration!.RouteNamed("one")!.Source);
        Assert.Equal(["DW2017", "DW2017"], second.Problems.Select(problem => problem.Id));
        Assert.Equal([folder.Main, "console"], second.Problems.Select(problem => problem.Place.Source).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_changed_secret_file_is_taken_up()
    {
        const string provider = "identity_providers: [ { name: corp, preset: google, client_id: x, client_secret_file: secret } ]\n";
        using var folder = new ConfigurationFolder().Write("doorward.yaml", Sound(provider)).Write("secret", "one\n").Start();
        Assert.Equal("one", Assert.Single(folder.Value.IdentityProviders).ClientSecret!.Value);
        var hash = folder.Value.Hash;
        folder.Write("secret", "two\n");
        Assert.True(folder.Settle());
        Assert.Equal("two", Assert.Single(folder.Value.IdentityProviders).ClientSecret!.Value);
        Assert.Equal(hash, folder.Value.Hash);
        File.Delete(folder.PathOf("secret"));
        Assert.True(folder.Settle());
        Assert.Equal("two", Assert.Single(folder.Value.IdentityProviders).ClientSecret!.Value);
        Assert.Equal("DW2006", Assert.Single(folder.Reload.Status.Problems).Id);
    }

    [Fact]
    [Trait("advisory", "119")]
    public void A_client_authority_that_vanishes_does_not_open_what_it_guarded()
    {
        using var folder = new ConfigurationFolder();
        File.Copy(Path.Combine(Loading.Golden.Folder, "files/one.crt"), folder.PathOf("ca.pem"));
        folder.Write("doorward.yaml", Sound("downstream_mtls: { ca_file: ca.pem }\nroutes:\n" + Route("one"))).Start();
        Assert.Equal("Certificate by one", folder.Answer("one.example.com"));
        File.Delete(folder.PathOf("ca.pem"));
        Assert.True(folder.Settle());
        Assert.NotNull(folder.Value.Settings.DownstreamMtls.Ca);
        Assert.Equal("Certificate by one", folder.Answer("one.example.com"));
    }

    [Fact]
    public void The_environment_completes_and_overrides_the_file()
    {
        using var folder = new ConfigurationFolder().Write("doorward.yaml", Sound("session: { absolute: 2h }\nidentity_providers: [ { name: my-corp, preset: google, client_id: x } ]\n")).Write("secret", "told")
            .Start(environment: new Dictionary<string, string>
            {
                ["DOORWARD_SESSION_ABSOLUTE"] = "3h",
                ["DOORWARD_LOG_LEVEL"] = "debug",
                ["DOORWARD_IDENTITY_PROVIDERS_MY_CORP_CLIENT_SECRET_FILE"] = "secret",
                ["DOORWARD_STAELNESS_LIMIT"] = "1s",
                ["PATH"] = "/bin",
            });
        Assert.Equal(TimeSpan.FromHours(3), folder.Value.Settings.Session.Absolute);
        Assert.Equal(LogLevelOption.Debug, folder.Value.Settings.Log.Level);
        Assert.Equal("told", Assert.Single(folder.Value.IdentityProviders).ClientSecret!.Value);
        var warning = Assert.Single(folder.Value.Problems);
        Assert.Equal(("DW2014", "Did you mean «DOORWARD_STALENESS_LIMIT»?"), (warning.Id, warning.Cure));
    }

    [Fact]
    public void What_only_a_restart_can_change_is_told()
    {
        using var folder = new ConfigurationFolder().Write("doorward.yaml", Sound("")).Start();
        folder.Write("doorward.yaml", Sound("").Replace("doorward.db", "other.db", StringComparison.Ordinal));
        Assert.True(folder.Settle());
        Assert.Equal("DW2066", Assert.Single(folder.Reload.Status.Problems).Id);
        folder.Write("doorward.yaml", Sound("# a comment\n").Replace("doorward.db", "other.db", StringComparison.Ordinal));
        Assert.True(folder.Settle());
        Assert.Equal("DW2066", Assert.Single(folder.Reload.Status.Problems).Id);
    }

    private static ObjectSet Console(string route)
    {
        var node = (Doorward.Policy.Documents.MappingNode)DocumentText.Read("routes:\n" + Route(route), "console", [])!;
        return new(ObjectSource.Console, new SectionReader(new SourceFiles(), "/", new Findings()).Read<SharedOptions>(node));
    }
}
