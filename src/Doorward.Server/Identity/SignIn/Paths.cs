namespace Doorward.Server.Identity.SignIn;

/// <summary>The paths of signing in. On a route's host only <see cref="HandOver"/> and <see cref="SignOut"/> answer.</summary>
internal static class Paths
{
    public const string SignIn = Product.ReservedPath + "/sign-in";

    /// <summary>The redirect URI that is registered at providers.</summary>
    public const string Callback = "/oauth2/callback";

    public const string HandOver = Product.ReservedPath + "/callback";

    public const string SignOut = Product.ReservedPath + "/sign-out";

    public const string SignedOut = Product.ReservedPath + "/signed-out";
}
