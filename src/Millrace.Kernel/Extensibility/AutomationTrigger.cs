using Npgsql;

namespace Millrace.Kernel.Extensibility;

/// <summary>Marks a trigger; its key is the activity kind it reacts to.</summary>
public sealed class AutomationTriggerAttribute(string key) : CatalogueEntryAttribute(key);

/// <summary>A pure predicate over one kind of activity. Reading, entry limits and enrolling are the engine's.</summary>
public abstract class AutomationTrigger : CatalogueEntry
{
    public abstract Type ActivityType { get; }

    public abstract Type SettingsType { get; }

    public abstract bool Matches(IActivity activity, object settings);

    /// <summary>Lists that the settings name. Mails of an automation that has the trigger are taken to be of them, unless its settings say otherwise.</summary>
    public virtual IReadOnlyList<long> ListsOf(object settings) => [];

    /// <summary>Lists that belong to what happened, which matter where the settings name none: the list that fired, the lists of the mail that was opened.</summary>
    /// <returns>For each activity, in their order.</returns>
    public virtual Task<IReadOnlyList<IReadOnlyList<long>>> ListsOfAsync(
        NpgsqlTransaction transaction, long accountId, IReadOnlyList<IActivity> activities, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<IReadOnlyList<long>>>([.. activities.Select(_ => (IReadOnlyList<long>)[])]);

    /// <summary>What is wrong with settings beyond their shape; the path of each is relative to the trigger.</summary>
    public virtual IEnumerable<(string Path, string Message)> Check(object settings) => [];

    /// <summary>What is wrong or doubtful about settings in this account, beyond what <see cref="Check(object)"/> can know.</summary>
    public virtual Task<IReadOnlyList<StepProblem>> CheckAsync(
        NpgsqlTransaction transaction, long accountId, object settings, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<StepProblem>>([]);
}

/// <inheritdoc cref="AutomationTrigger"/>
public abstract class AutomationTrigger<TActivity, TSettings> : AutomationTrigger
    where TActivity : class, IActivity
    where TSettings : class
{
    public sealed override Type ActivityType => typeof(TActivity);

    public sealed override Type SettingsType => typeof(TSettings);

    public abstract bool Matches(TActivity activity, TSettings settings);

    public sealed override bool Matches(IActivity activity, object settings) => activity is TActivity mine && Matches(mine, (TSettings)settings);

    public sealed override IReadOnlyList<long> ListsOf(object settings) => ListsOf((TSettings)settings);

    public sealed override IEnumerable<(string Path, string Message)> Check(object settings) => Check((TSettings)settings);

    public sealed override Task<IReadOnlyList<StepProblem>> CheckAsync(
        NpgsqlTransaction transaction, long accountId, object settings, CancellationToken cancellationToken) =>
        CheckAsync(transaction, accountId, (TSettings)settings, cancellationToken);

    protected virtual IReadOnlyList<long> ListsOf(TSettings settings) => [];

    protected virtual IEnumerable<(string Path, string Message)> Check(TSettings settings) => [];

    protected virtual Task<IReadOnlyList<StepProblem>> CheckAsync(
        NpgsqlTransaction transaction, long accountId, TSettings settings, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<StepProblem>>([]);
}
