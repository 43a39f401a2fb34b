using Millrace.Kernel.Extensibility;

namespace Millrace.Integrations.Contracts;

/// <summary>A feed had new items, and an automation took the contact in for them.</summary>
[ActivityKind("rss.updated", Title = "Feed updated", Group = "Web", IsNobodys = true)]
public sealed record FeedUpdated(long ContactId, string Url) : IActivity;
