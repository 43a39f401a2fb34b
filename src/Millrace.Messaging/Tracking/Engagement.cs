namespace Millrace.Messaging.Tracking;

/// <summary>An open or a click as it came in.</summary>
/// <param name="Link">0 is the open pixel.</param>
/// <param name="Machine">Why it looks like a machine; null when it does not.</param>
internal sealed record Engagement(long AccountId, long SendId, int Link, DateTimeOffset At, string? Machine)
{
    public bool IsClick => Link > 0;
}

/// <summary>What was found for it; null members when there is no such send.</summary>
internal readonly record struct EngagedSend(long VersionId, long ContactId, string? Url);
