using System.Net.Sockets;
using Doorward.Policy;
using Doorward.Server.Proxy;
using Doorward.Server.Routes.Options;

namespace Doorward.Server;

/// <summary>Why the server does not listen where it should: DW2070 to DW2073.</summary>
internal static class ListenProblems
{
    private const string CannotListen = "DW2070";

    /// <summary>Whether it tells of an address at which something listens already, or that cannot be had.</summary>
    public static bool IsTaken(Problem problem) => problem.Id == CannotListen;

    public static Problem Of(CannotListenException failure, ListenerOptions listeners)
    {
        var (key, property) = new[]
        {
            ("https", nameof(listeners.Https), listeners.Https),
            ("insecure_http", nameof(listeners.InsecureHttp), listeners.InsecureHttp),
            ("http_redirect", nameof(listeners.HttpRedirect), listeners.HttpRedirect),
            ("health", nameof(listeners.Health), listeners.Health),
            ("metrics", nameof(listeners.Metrics), listeners.Metrics),
        }.Where(one => one.Item3?.EndPoint.Equals(failure.EndPoint) == true).Select(one => (one.Item1, one.Item2)).FirstOrDefault(("admin_socket", nameof(listeners.AdminSocket)));
        var (why, cure) = failure.Error switch
        {
            SocketError.AddressAlreadyInUse => ("something listens there already", "End it (`ss -ltnp` tells what it is)"),
            SocketError.AccessDenied => ("this user may not", "Allow it (ports below 1024 want the capability CAP_NET_BIND_SERVICE)"),
            SocketError.AddressNotAvailable => ("this machine has no such address", "Give the machine the address"),
            var error => ($"the system says {error}", "Mend that"),
        };
        return new(CannotListen, Severity.Error, $"«listeners.{key}» cannot listen at {failure.EndPoint}: {why}.", $"{cure}, or write another address for «{key}» under «listeners».", listeners.At(property));
    }

    public static Problem SocketHeld(string path, string holder, ListenerOptions listeners) => new(
        "DW2071", Severity.Error, $"The administration's socket {path} belongs to {holder}.",
        "Stop that process, or write a path of its own under «listeners.admin_socket» for each.", listeners.At(nameof(listeners.AdminSocket)));

    public static Problem SocketTooLong(string path, int most, ListenerOptions listeners) => new(
        "DW2072", Severity.Error, $"The path of the administration's socket is longer than the {most} bytes that the system allows: {path}",
        "Write a shorter one under «listeners.admin_socket».", listeners.At(nameof(listeners.AdminSocket)));

    public static Problem SocketImpossible(string path, string why, ListenerOptions listeners) => new(
        "DW2073", Severity.Error, $"The administration's socket {path} cannot be made: {why.TrimEnd('.')}.",
        "Let this user write to its folder, or write another path under «listeners.admin_socket».", listeners.At(nameof(listeners.AdminSocket)));
}
