namespace Doorward.Server.Routes;

/// <summary>Who keeps an object. Each object has exactly one source; the same name in two is a problem on both.</summary>
internal enum ObjectSource
{
    File,
    Console,
    Kubernetes,
}
