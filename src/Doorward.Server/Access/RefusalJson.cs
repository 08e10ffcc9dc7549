using System.Text.Json.Serialization;

namespace Doorward.Server.Access;

/// <summary>What a program reads when it is refused.</summary>
internal sealed record RefusalBody(string Error, string Message, string RequestId, IReadOnlyList<string> Reasons, string? SignInUrl);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RefusalBody))]
internal sealed partial class RefusalJson : JsonSerializerContext;
