using Millrace.Automations.Definitions;
using Millrace.Automations.Engine;
using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;
using Millrace.Kernel.Security;
using Millrace.Segments.Contracts;

namespace Millrace.Automations.People;

/// <summary>Puts the kept reasons of steps into the words of the version in which they were taken, and asks waiting ones anew. One per request.</summary>
internal sealed class RunReasons(FlowCache flows, StepReasons reasons, IConditions conditions, TimeProvider clock)
{
    private readonly Dictionary<(int Version, string Step), List<string>> _words = [];

    public async Task<IReadOnlyList<StepReason>> ReadAsync(
        AccountTransaction work, long accountId, long automationId, int? version, string step, string result, string? kept, CancellationToken cancellationToken)
    {
        // What took it out stands with the step it was taken from, but is not the step's own.
        step = result == Walk.Exited ? string.Empty : step;
        if (kept is null || version is not { } number)
        {
            return [];
        }

        if (!_words.TryGetValue((number, step), out var words))
        {
            var (tree, flow) = await TreeAsync(work, accountId, automationId, number, step, cancellationToken);
            _words[(number, step)] = words = tree is null ? [] : await conditions.WordsAsync(work, accountId, tree, flow!.NameOf, cancellationToken);
        }

        return StepReasons.Read(kept, words);
    }

    /// <summary>What the conditions of a step find of a contact now.</summary>
    public async Task<IReadOnlyList<StepReason>> NowAsync(
        AccountTransaction work, CurrentAccount account, long automationId, int version, string step, long contactId, CancellationToken cancellationToken)
    {
        var (tree, flow) = await TreeAsync(work, account.Id, automationId, version, step, cancellationToken);
        if (tree is null)
        {
            return [];
        }

        var context = new SegmentContext(account.Id, clock.GetUtcNow(), account.TimeZone, automationId);
        var found = await reasons.AskAsync(work.Transaction, context, tree, [contactId], cancellationToken);
        return StepReasons.Read(found.GetValueOrDefault(contactId), await conditions.WordsAsync(work, account.Id, tree, flow!.NameOf, cancellationToken));
    }

    private async Task<(ConditionTree? Tree, Flow? Flow)> TreeAsync(
        AccountTransaction work, long accountId, long automationId, int version, string step, CancellationToken cancellationToken)
    {
        var found = await flows.LoadAsync(work.Transaction, accountId, [(automationId, version)], cancellationToken);
        var flow = found.GetValueOrDefault(automationId);
        return (step.Length == 0 ? flow?.Exit?.Conditions : reasons.TreeOf(flow?.Find(step)), flow);
    }
}
