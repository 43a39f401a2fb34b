using System.Text.Json;
using Npgsql;

namespace Millrace.Kernel.Extensibility;

/// <summary>Marks a step type of automations.</summary>
public sealed class AutomationActionAttribute(string key) : CatalogueEntryAttribute(key)
{
    /// <summary>Names of the branches the step opens, in order; none for a plain step. In documents each is a member holding a list of steps.</summary>
    public string[] Branches { get; init; } = [];

    /// <summary>How the canvas draws it: <c>action</c>, <c>wait</c>, <c>condition</c>, <c>goal</c>, <c>goto</c>, <c>end</c>.</summary>
    public string Shape { get; init; } = "action";

    /// <summary>Name of an icon the UI knows.</summary>
    public string Icon { get; init; } = "bolt";

    /// <summary>Kind of the activity it makes happen, when automations can start by it: the map draws who starts whom.</summary>
    public string Causes { get; init; } = string.Empty;

    /// <summary>Options that name the subject of that activity; the first that is filled counts.</summary>
    public string[] CausesBy { get; init; } = [];

    /// <summary>Known in documents, but this server cannot do it yet: pickers leave it out and publishing refuses it.</summary>
    public bool IsPlanned { get; init; }

    /// <summary>
    /// Why a simulation passes the step over; null: it is simulated by being carried out in a transaction that is rolled back, and needs nothing for it. Say it of a
    /// step that does something a rollback does not undo, or whose outcome nobody can know beforehand.
    /// </summary>
    public string? NotSimulated { get; init; }
}

/// <summary>A step type. The engine calls it once per batch of runs that stand at the same step, inside the batch's transaction. Never the network: it writes outbox rows.</summary>
public abstract class AutomationAction : CatalogueEntry
{
    public IReadOnlyList<string> Branches => ((AutomationActionAttribute)Mark).Branches;

    public string Shape => ((AutomationActionAttribute)Mark).Shape;

    public string Icon => ((AutomationActionAttribute)Mark).Icon;

    public string Causes => ((AutomationActionAttribute)Mark).Causes;

    public IReadOnlyList<string> CausesBy => ((AutomationActionAttribute)Mark).CausesBy;

    public bool IsPlanned => ((AutomationActionAttribute)Mark).IsPlanned;

    /// <inheritdoc cref="AutomationActionAttribute.NotSimulated"/>
    public string? NotSimulated => ((AutomationActionAttribute)Mark).NotSimulated;

    /// <summary>The record that holds one step's options; becomes the form in the builder and the check of imports.</summary>
    public abstract Type SettingsType { get; }

    /// <returns>One outcome per run of the batch, in its order.</returns>
    public abstract Task<StepOutcome[]> ExecuteAsync(ActionBatch batch, object settings, CancellationToken cancellationToken);

    /// <summary>Those of <see cref="Branches"/> that contacts can take with these settings.</summary>
    public virtual IReadOnlyList<string> BranchesOf(object settings) => Branches;

    /// <summary>Whether nobody goes on to the step after this one.</summary>
    public virtual bool EndsPath(object settings) => Shape == "end";

    /// <summary>Of a step that waits: kinds of activities after which it is looked at again, besides those that its conditions read.</summary>
    public virtual IEnumerable<string> AwaitedKinds(object settings) => [];

    /// <summary>What is wrong with settings beyond their shape; the path of each is relative to the step.</summary>
    public virtual IEnumerable<(string Path, string Message)> Check(object settings) => [];

    /// <summary>What is wrong or doubtful about settings in this account, beyond what <see cref="Check"/> can know.</summary>
    public virtual Task<IReadOnlyList<StepProblem>> CheckAsync(
        NpgsqlTransaction transaction, long accountId, object settings, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<StepProblem>>([]);

    /// <summary>
    /// Called for each step when its automation is published, in the transaction of the publishing: freezes what the step needs outside of the
    /// document (an immutable message version, say) and returns the settings to keep in the version, gladly with <see cref="HiddenAttribute"/> members.
    /// </summary>
    /// <param name="settings">The step's object in the draft, with ids; <c>id</c>, <c>type</c> and branches are kept whatever is returned.</param>
    public virtual Task<JsonElement> PublishAsync(
        NpgsqlTransaction transaction, long accountId, long automationId, string stepKey, JsonElement settings, CancellationToken cancellationToken) =>
        Task.FromResult(settings);

    /// <summary>
    /// What the world answers to the step in a simulation, for what happens outside of its transaction: a mail is delivered, and opened if that is assumed.
    /// Called after the step, with the outcomes it gave.
    /// </summary>
    public virtual Task<IReadOnlyList<AssumedActivity>> AssumeAsync(
        ActionBatch batch, object settings, IReadOnlyList<StepOutcome> outcomes, AssumedBehaviour behaviour, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<AssumedActivity>>([]);

    /// <summary>
    /// Called when a person or the API ends runs, in the transaction of the ending: takes back what the step has put outside for them and nobody
    /// has delivered yet. Runs that end by themselves, and automations that are switched off, keep it.
    /// </summary>
    /// <param name="runIds">Runs of the automation, wherever they stood; null: the automation is deleted, and with it all of them.</param>
    public virtual Task WithdrawAsync(
        NpgsqlTransaction transaction, long accountId, long automationId, IReadOnlyCollection<long>? runIds, CancellationToken cancellationToken) =>
        Task.CompletedTask;
}

/// <inheritdoc cref="AutomationAction"/>
public abstract class AutomationAction<TSettings> : AutomationAction
    where TSettings : class
{
    public sealed override Type SettingsType => typeof(TSettings);

    public abstract Task<StepOutcome[]> ExecuteAsync(ActionBatch<TSettings> batch, CancellationToken cancellationToken);

    public sealed override Task<StepOutcome[]> ExecuteAsync(ActionBatch batch, object settings, CancellationToken cancellationToken) =>
        ExecuteAsync(new ActionBatch<TSettings>(batch, (TSettings)settings), cancellationToken);

    public sealed override IEnumerable<(string Path, string Message)> Check(object settings) => Check((TSettings)settings);

    public sealed override Task<IReadOnlyList<StepProblem>> CheckAsync(
        NpgsqlTransaction transaction, long accountId, object settings, CancellationToken cancellationToken) =>
        CheckAsync(transaction, accountId, (TSettings)settings, cancellationToken);

    public sealed override IReadOnlyList<string> BranchesOf(object settings) => BranchesOf((TSettings)settings);

    public sealed override bool EndsPath(object settings) => EndsPath((TSettings)settings);

    public sealed override IEnumerable<string> AwaitedKinds(object settings) => AwaitedKinds((TSettings)settings);

    protected virtual IReadOnlyList<string> BranchesOf(TSettings settings) => Branches;

    protected virtual bool EndsPath(TSettings settings) => Shape == "end";

    protected virtual IEnumerable<string> AwaitedKinds(TSettings settings) => [];

    protected virtual IEnumerable<(string Path, string Message)> Check(TSettings settings) => [];

    protected virtual Task<IReadOnlyList<StepProblem>> CheckAsync(
        NpgsqlTransaction transaction, long accountId, TSettings settings, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<StepProblem>>([]);
}

/// <summary>Something about a step's settings that an account should know before it publishes.</summary>
/// <param name="Path">Relative to the step.</param>
/// <param name="Code">snake_case.</param>
/// <param name="IsWarning">Publishing goes on all the same.</param>
public sealed record StepProblem(string Path, string Code, string Message, bool IsWarning);

/// <summary>One run that stands at the step.</summary>
/// <param name="RunId">The run; a contact may have several in one automation.</param>
/// <param name="ContactId">Who.</param>
/// <param name="VisitNo">Counts the steps of this run; (run, visit) is the natural key of every effect.</param>
/// <param name="EnteredAt">When the run began.</param>
/// <param name="ArrivedAt">When it came to this step.</param>
/// <param name="WaitedUntil">Null on first arrival; otherwise the due time after which (or the event by which) the step is looked at again.</param>
public sealed record BatchRun(long RunId, long ContactId, int VisitNo, DateTimeOffset EnteredAt, DateTimeOffset ArrivedAt, DateTimeOffset? WaitedUntil, bool IsRevisit)
{
    /// <summary>The thing the entry is about, such as a deal; null: the contact alone.</summary>
    public RunSubject? Subject { get; init; }
}

/// <summary>Runs of one account standing at one step of one automation.</summary>
public record ActionBatch(
    NpgsqlTransaction Transaction, long AccountId, long AutomationId, string StepKey, string TimeZone, DateTimeOffset Now, IReadOnlyList<BatchRun> Runs)
{
    /// <summary>The contacts, in the order of the runs; one may occur twice.</summary>
    public long[] ContactIds => field ??= [.. Runs.Select(r => r.ContactId)];

    /// <summary>Lists that an unsubscribe in a mail of this step takes the contact off; null: every list.</summary>
    public IReadOnlyList<long>? UnsubscribeLists { get; init; }

    /// <summary>Lists of what brought these runs in; empty: none.</summary>
    public IReadOnlyList<long> EntryLists { get; init; } = [];

    public long[] RunIds => field ??= [.. Runs.Select(r => r.RunId)];

    public StepOutcome[] All(StepOutcome outcome)
    {
        var outcomes = new StepOutcome[Runs.Count];
        Array.Fill(outcomes, outcome);
        return outcomes;
    }
}

/// <inheritdoc cref="ActionBatch"/>
public sealed record ActionBatch<TSettings>(ActionBatch Batch, TSettings Settings) : ActionBatch(Batch);
