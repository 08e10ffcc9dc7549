using System.Text;

namespace Doorward.Peers;

/// <summary>Scripts for the load generator.</summary>
internal static class Lua
{
    /// <summary>Each request carries the next of some cookies, so that as many sessions are in use.</summary>
    public static string Rotating(string host, IReadOnlyList<string> cookies)
    {
        var text = new StringBuilder("local prepared = {}\nlocal cookies = {\n");
        foreach (var cookie in cookies) text.Append('"').Append(cookie).AppendLine("\",");
        text.AppendLine("}");
        text.AppendLine(System.Globalization.CultureInfo.InvariantCulture, $$"""
            function init(args)
              for i, cookie in ipairs(cookies) do
                prepared[i] = wrk.format("GET", "/", { ["Host"] = "{{host}}", ["Cookie"] = cookie })
              end
            end
            local next = 0
            function request()
              next = next % #prepared + 1
              return prepared[next]
            end
            """);
        return text.ToString();
    }
}
