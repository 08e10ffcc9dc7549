using Doorward.Server.Console.Pages;

namespace Doorward.Server.Console;

/// <summary>What went wrong without anybody having refused, in plain English.</summary>
internal static class ErrorTexts
{
    public static MessageModel Of(int status, string requestId)
    {
        var (title, lead, advice) = Texts(status);
        return new() { Status = status, Title = title, Lead = lead, Advice = [advice], RequestId = requestId };
    }

    private static (string Title, string Lead, string Advice) Texts(int status) => status switch
    {
        404 => ("Nothing is published here", "There is no app at this address.", "Check the address for a slip of the finger."),
        405 => ("That cannot be done here", "This address does not take this kind of request.", "Go back and open the page afresh."),
        408 => ("That took too long", "Your request did not arrive in time.", "Try again; a slow connection is the usual cause."),
        413 or 414 or 431 => ("That is too large", "Your request is larger than this server takes.", "Send less at once, or clear this site's cookies if this comes with every page."),
        421 => ("Please open that again", "Your browser used a connection that belongs to another address.", "Reload the page; your browser then makes a new connection."),
        400 => ("That request is not valid", "The request was written in a way that could be read in two ways, so it was not passed on.", "Go back and follow the link again. If you typed the address, check it."),
        502 => ("The app does not answer", "You may open it, but the app behind this address cannot be reached.", "Try again in a few minutes. If it stays so, tell the people who run it."),
        503 => ("One moment, please", "This server cannot answer at the moment.", "Try again in a few seconds."),
        504 => ("The app takes too long", "You may open it, but the app behind this address did not answer in time.", "Try again in a few minutes. If it stays so, tell the people who run it."),
        _ => ("Something went wrong", "The fault is on our side, and it has been recorded.", "Try again. If it happens again, tell the people who run this server."),
    };
}
