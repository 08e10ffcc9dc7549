using Doorward.DevIdp.People;
using Doorward.DevIdp.SignIn;
using Doorward.DevIdp.Telling;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Doorward.DevIdp.Pages;

/// <summary>The page on which groups, account, device and end date are changed.</summary>
internal sealed class PeopleEndpoints(Roster roster, TimeProvider time, Teller? teller = null)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/people", Show);
        routes.MapPost("/people/{userName}", ChangeAsync);
        if (teller is not null)
            routes.MapPost("/people/{userName}/revoke", RevokeAsync);
    }

    public static PersonModel Model(Person p, DateTimeOffset now) => new(
        p.UserName, p.Name, p.Email, p.Password, p.Groups, p.Active, p.DeviceId, p.DeviceCompliant, p.EndDate, p.MaySignIn(now));

    private IResult Show(string? changed)
    {
        var now = time.GetUtcNow();
        var notice = changed is not null && roster.Find(changed) is { } person ? $"{person.Name} is changed." : null;
        return Page.Of<PeoplePage>(new PeopleModel([.. roster.All.Select(p => Model(p, now))], SamplePeople.Groups, now, notice)
        {
            Told = teller?.Lately.Select(told => new ToldModel(told.At, told.By, told.What, told.Answer)).ToList(),
        });
    }

    private async Task<IResult> ChangeAsync(string userName, HttpContext http)
    {
        if (!SameSite.Allows(http.Request))
            return Results.StatusCode(StatusCodes.Status403Forbidden);
        if (roster.Find(userName) is null)
            return Results.NotFound();
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        await roster.ChangeAsync(userName, p => PersonForm.Apply(p, form, time.GetUtcNow()), http.RequestAborted);
        return Back(userName);
    }

    private async Task<IResult> RevokeAsync(string userName, HttpContext http)
    {
        if (!SameSite.Allows(http.Request))
            return Results.StatusCode(StatusCodes.Status403Forbidden);
        if (roster.Find(userName) is not { } person)
            return Results.NotFound();
        await teller!.RevokeAsync(person, http.RequestAborted);
        return Back(userName);
    }

    private static IResult Back(string userName) =>
        Results.LocalRedirect($"/people?changed={Uri.EscapeDataString(userName)}#{Uri.EscapeDataString(userName)}");
}
