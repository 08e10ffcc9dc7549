using Doorward.Peers.Proxies;

namespace Doorward.Peers;

/// <summary>What every run stands on: a folder with a certificate, the upstream, and the processes that end with it.</summary>
internal sealed class Stage : IDisposable
{
    public Stage()
    {
        ServerCertificateFile.Write(Work);
        SimplePeers.StartUpstream(this);
    }

    public Workspace Work { get; } = new();

    public Commands Commands { get; } = new();

    public void Dispose()
    {
        Commands.Dispose();
        Work.Dispose();
    }
}
