namespace Doorward.Peers;

/// <summary>Waits until a server that was just started answers anything at all.</summary>
internal static class Ready
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(20);

    public static async Task WaitAsync(Uri url, CancellationToken cancellation, bool mustBeOk = false)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(_patience);
        using var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });
        while (true)
        {
            try
            {
                using var answer = await client.GetAsync(url, patience.Token);
                if (!mustBeOk || answer.IsSuccessStatusCode) return;
                await Task.Delay(_pause, patience.Token);
            }
            catch (HttpRequestException)
            {
                await Task.Delay(_pause, patience.Token);
            }
        }
    }
}
