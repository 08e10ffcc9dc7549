namespace Doorward.Server.Audit.Checkpoints;

/// <summary>A bucket with object lock, at Amazon or anything that speaks its protocol.</summary>
internal sealed record S3Options
{
    /// <summary>With the bucket in the path: <c>https://s3.eu-central-1.amazonaws.com/my-audit</c>.</summary>
    public required Uri Bucket { get; init; }

    public required string Region { get; init; }

    public required string AccessKey { get; init; }

    public required string SecretKey { get; init; }

    /// <summary>Before each object's name; ends in a slash where one is wanted.</summary>
    public string Prefix { get; init; } = "checkpoints/";

    /// <summary>For how long nobody, the bucket's owner included, can remove an object (mode COMPLIANCE). Default ten years.</summary>
    public int RetainDays { get; init; } = 3653;

    /// <summary>Not the compiler's: it would print the secret key.</summary>
    public override string ToString() => $"S3 {Bucket}";
}
