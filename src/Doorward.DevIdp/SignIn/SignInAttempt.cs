using System.Security.Cryptography;
using System.Text;
using Doorward.DevIdp.People;
using Microsoft.AspNetCore.Http;

namespace Doorward.DevIdp.SignIn;

/// <summary>What somebody typed into the sign-in form, or whose button they pressed.</summary>
internal sealed record SignInAttempt(string UserName, string? Password, string SecondFactor)
{
    public const string UserNameField = "login_name";
    public const string PasswordField = "login_password";
    public const string SecondFactorField = "login_code";

    /// <summary>The button beside a person, which saves typing the password that stands there anyway.</summary>
    public const string ButtonField = "login_as";

    /// <summary>The second factor of everybody: it stands on the page.</summary>
    public const string SecondFactorCode = "246810";

    public static IReadOnlyList<string> Fields { get; } = [UserNameField, PasswordField, SecondFactorField, ButtonField];

    /// <summary>Null where the form is a client's own (an authorization request may be posted).</summary>
    public static SignInAttempt? Read(IFormCollection form)
    {
        var code = form[SecondFactorField].ToString().Trim();
        if (form.TryGetValue(ButtonField, out var person))
            return new(person.ToString(), null, code);
        return form.ContainsKey(UserNameField) ? new(form[UserNameField].ToString().Trim(), form[PasswordField].ToString(), code) : null;
    }

    public string? Problem(Roster roster, DateTimeOffset now)
    {
        if (roster.Find(UserName) is not { } person || (Password is not null && !Same(person.Password, Password)))
            return "The name or the password is not right.";
        if (SecondFactor.Length > 0 && !Same(SecondFactorCode, SecondFactor))
            return "The code is not right.";
        return person.MaySignIn(now) ? null : $"{person.Name} may not sign in any more.";
    }

    private static bool Same(string known, string shown) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(known), Encoding.UTF8.GetBytes(shown));
}
