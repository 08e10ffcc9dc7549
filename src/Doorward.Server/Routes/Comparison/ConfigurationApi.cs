using Doorward.Server.Routes.Reload;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Doorward.Server.Routes.Comparison;

/// <summary>Tells administrators what is in force. Who may call is stated by the group that it is mapped in.</summary>
internal sealed class ConfigurationApi(CurrentConfiguration current)
{
    /// <summary>Below the administration's path.</summary>
    public const string Path = "/configuration";

    public void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet(Path, () => TypedResults.Json(ConfigurationSummary.Of(current.Value), SummaryJson.Default.ConfigurationSummary));
}
