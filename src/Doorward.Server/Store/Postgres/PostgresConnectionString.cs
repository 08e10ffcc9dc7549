using Npgsql;

namespace Doorward.Server.Store.Postgres;

/// <summary>Reads what operators write: Npgsql's <c>Key=value;...</c>, or the URL that PostgreSQL's own tools take.</summary>
internal static class PostgresConnectionString
{
    /// <exception cref="ArgumentException">It is neither; the message holds nothing of the text, which may hold a password.</exception>
    public static NpgsqlConnectionStringBuilder Parse(string text)
    {
        var builder = text.StartsWith("postgres://", StringComparison.Ordinal) || text.StartsWith("postgresql://", StringComparison.Ordinal)
            ? FromUrl(text)
            : FromPairs(text);
        if (string.IsNullOrEmpty(builder.Host))
            throw new ArgumentException("it names no host.");
        return builder;
    }

    private static NpgsqlConnectionStringBuilder FromPairs(string text)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(text);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or KeyNotFoundException or InvalidCastException)
        {
            throw new ArgumentException("a key is unknown, or its value has the wrong form.", e);
        }
    }

    private static NpgsqlConnectionStringBuilder FromUrl(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url))
            throw new ArgumentException("it is not a URL.");
        var builder = new NpgsqlConnectionStringBuilder { Host = url.Host };
        if (url.Port > 0)
            builder.Port = url.Port;
        var user = url.UserInfo.Split(':', 2);
        if (user[0].Length > 0)
            builder.Username = Uri.UnescapeDataString(user[0]);
        if (user.Length == 2)
            builder.Password = Uri.UnescapeDataString(user[1]);
        if (url.AbsolutePath.Length > 1)
            builder.Database = Uri.UnescapeDataString(url.AbsolutePath[1..]);
        foreach (var pair in url.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
            Set(builder, pair);
        return builder;
    }

    private static void Set(NpgsqlConnectionStringBuilder builder, string pair)
    {
        var parts = pair.Split('=', 2);
        var value = parts.Length == 2 ? Uri.UnescapeDataString(parts[1]) : "";
        switch (parts[0])
        {
            case "host": builder.Host = value; break;
            case "sslmode" when Enum.TryParse<SslMode>(value.Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out var mode): builder.SslMode = mode; break;
            case "sslrootcert": builder.RootCertificate = value; break;
            case "sslcert": builder.SslCertificate = value; break;
            case "sslkey": builder.SslKey = value; break;
            case "application_name": builder.ApplicationName = value; break;
            case "connect_timeout" when int.TryParse(value, out var seconds): builder.Timeout = seconds; break;
            case "target_session_attrs" when value is "read-write" or "primary": break; // what Doorward asks for anyway
            default: throw new ArgumentException($"the parameter '{parts[0]}' is not supported, or its value has the wrong form.");
        }
    }
}
