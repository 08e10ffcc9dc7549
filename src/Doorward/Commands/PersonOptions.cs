using System.CommandLine;
using Doorward.Policy;
using Doorward.Server.Console.Administration;

namespace Doorward.Commands;

/// <summary><c>doorward policy explain --route R --person P</c>: asks a server that runs, which knows the person.</summary>
internal sealed class PersonOptions
{
    private readonly Option<string?> _person = new("--person") { Description = "Whose access is explained, by id or e-mail address, as the running server knows them; with --route.", HelpName = "WHO" };
    private readonly Option<string?> _server = new("--server") { Description = "With --person: the server, by its URL or its Unix socket, instead of --config, which is doorward.yaml unless told.", HelpName = "URL|SOCKET" };
    private readonly Option<string?> _token = Arguments.TokenFile();
    private readonly Option<string?> _method = new("--method") { Description = "With --person: the method of the request supposed; GET unless told." };
    private readonly Option<string?> _host = new("--host") { Description = "With --person: its host." };
    private readonly Option<string?> _path = new("--path") { Description = "With --person: its path; / unless told." };
    private readonly Option<string?> _address = new("--source-ip") { Description = "With --person: the address that it comes from." };

    public IEnumerable<Option> All => [_person, _server, _token, _method, _host, _path, _address];

    public bool IsGiven(ParseResult parsed) => parsed.GetValue(_person) is not null;

    public async Task<int> ExplainAsync(ParseResult parsed, string? route, string? config, bool json, CancellationToken cancellation)
    {
        var problems = new List<Problem>();
        using var server = ServerChoice.Open(parsed.GetValue(_server), config ?? "doorward.yaml", parsed.GetValue(_token), problems);
        var asked = new ExplainBody(route, parsed.GetValue(_person), parsed.GetValue(_method), parsed.GetValue(_host), parsed.GetValue(_path), parsed.GetValue(_address));
        var told = server is null ? null : await server.AskAsync<ExplainedBody>(HttpMethod.Post, ExplainApi.Path, asked, cancellation);
        var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
        if (json)
        {
            Output.WriteJson(output, new { Explanations = told is null ? [] : new[] { new { Name = told.Person, told.Route, told.SignedIn, told.Explanation } }, Problems = problems.Select(Output.Of) });
        }
        else if (told is not null)
        {
            await output.WriteLineAsync($"{told.Person} at {told.Route}{(told.SignedIn ? "" : ", not signed in")}:");
            await output.WriteAsync(told.Text);
        }
        else
        {
            foreach (var problem in problems) await error.WriteLineAsync(problem.ToString());
        }

        return told is null ? ExitCodes.Problems : ExitCodes.Done;
    }
}
