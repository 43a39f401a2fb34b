using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Millrace.Messaging.Checks.Spam;
using Millrace.Messaging.Messages;

namespace Millrace.Messaging.Checks;

/// <summary>
/// <c>POST /api/app/messages/checks</c>: what is wrong with a mail as it stands, in a moment. <c>POST /api/app/messages/checks/slow</c>: what the world
/// says of it, links, images and spam rules; takes up to half a minute. Both only advise.
/// </summary>
internal sealed class CheckMessage : IEndpoint
{
    public static void Map(ModuleRoutes routes)
    {
        routes.App.MapPost("messages/checks", QuickAsync).WithName("message_checks").RequirePermission(Permission.ViewMessages);
        routes.App.MapPost("messages/checks/slow", SlowAsync).WithName("message_checks_slow").RequirePermission(Permission.ViewMessages);
    }

    internal sealed record CheckInput(MessagesResource.MessageInput Message);

    /// <param name="Key">Of the check.</param>
    /// <param name="Findings">None: all is well.</param>
    internal sealed record CheckResult(string Key, string Title, IReadOnlyList<ContentFinding> Findings);

    /// <param name="Sample">How many contacts tags were tried on.</param>
    internal sealed record CheckResults(IReadOnlyList<CheckResult> Checks, int Sample);

    internal sealed record SlowResults(IReadOnlyList<CheckResult> Checks, SpamVerdict Spam);

    private static async Task<CheckResults> QuickAsync(CheckInput request, CurrentAccount account, ContentChecks checks, CancellationToken cancellationToken)
    {
        using var content = await checks.LoadAsync(account.Id, request.Message.ToContent(), cancellationToken);
        return new(Results(await checks.RunAsync(content, slow: false, cancellationToken)), content.Contexts.Count);
    }

    private static async Task<SlowResults> SlowAsync(
        CheckInput request, CurrentAccount account, ContentChecks checks, SpamChecker spam, CancellationToken cancellationToken)
    {
        using var content = await checks.LoadAsync(account.Id, request.Message.ToContent(), cancellationToken);
        var (found, verdict) = (checks.RunAsync(content, slow: true, cancellationToken), spam.CheckAsync(content, cancellationToken));
        return new(Results(await found), await verdict);
    }

    private static List<CheckResult> Results(IReadOnlyList<(ContentCheck Check, IReadOnlyList<ContentFinding> Findings)> found) =>
        [.. found.Select(f => new CheckResult(f.Check.Key, f.Check.Title, f.Findings))];
}
