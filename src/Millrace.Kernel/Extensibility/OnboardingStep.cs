using Millrace.Kernel.Data;

namespace Millrace.Kernel.Extensibility;

/// <summary>Marks a line of the checklist that a new account sees on its home page.</summary>
public sealed class OnboardingStepAttribute(string key) : CatalogueEntryAttribute(key)
{
    /// <summary>Where the line leads, relative to <c>/app</c>.</summary>
    public required string Url { get; init; }

    /// <summary>Place in the list.</summary>
    public int Order { get; init; }
}

/// <summary>A line of the checklist. It ticks itself from real state.</summary>
public abstract class OnboardingStep : CatalogueEntry
{
    public string Url => ((OnboardingStepAttribute)Mark).Url;

    public int Order => ((OnboardingStepAttribute)Mark).Order;

    public abstract Task<bool> IsDoneAsync(AccountTransaction work, long accountId, CancellationToken cancellationToken);
}
