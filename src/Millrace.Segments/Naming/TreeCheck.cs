using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Extensibility;
using Millrace.Segments.Contracts;
using Millrace.Segments.Parsing;
using Millrace.Segments.Saved;
using Millrace.Segments.Tree;

namespace Millrace.Segments.Naming;

/// <summary>Holds a tree against the account and the server: are the things there, can it be asked here, and does each custom field hold the kind of value it is compared with?</summary>
internal sealed class TreeCheck(TreeNames names, SegmentBook book)
{
    public async Task<IReadOnlyList<FieldError>> CheckAsync(
        AccountTransaction work, long accountId, ConditionTree tree, CancellationToken cancellationToken)
    {
        var references = TreeReferences.Of(tree.Root).Where(r => names.Knows(r.Source)).ToList();
        var found = await names.NamesOfAsync(work, accountId, references.Select(r => (r.Source, r.Id)), cancellationToken);
        var errors = references.Where(r => !found.ContainsKey((r.Source, r.Id)))
            .Select(r => new FieldError(r.Pointer, "reference_missing", $"There is no such {r.Source}."))
            .ToList();

        errors.AddRange(tree.Root.Leaves().OfType<StateNode>().Where(s => s.Condition.Unavailable is not null)
            .Select(s => new FieldError(s.Pointer.Down("field"), "not_available", s.Condition.Unavailable!)));

        var families = tree.Root.Leaves().OfType<StateNode>().Where(s => s.Condition.Argument is not null).GroupBy(s => s.Condition);
        foreach (var family in families)
        {
            var variants = (await family.Key.VariantsAsync(work, accountId, cancellationToken)).ToDictionary(v => v.Id);
            errors.AddRange(family.Select(leaf => variants.TryGetValue(leaf.Leaf.Argument, out var variant) ? Misfit(leaf, variant) : null).OfType<FieldError>());
        }

        if (!tree.IsResolved)
        {
            var segments = await book.OfAsync(work.Transaction, accountId, cancellationToken);
            var (_, leaves) = segments.Size(KnownSegment.SegmentsOf(tree.Root));
            if (leaves > AccountSegments.MaxLeaves)
            {
                var first = tree.Root.Leaves().OfType<StateNode>().First(s => s.Condition is SavedSegmentCondition);
                errors.Add(new FieldError(
                    first.Pointer.Down("value"), TreeErrors.Code, $"With the segments it names, this has {leaves} conditions; {AccountSegments.MaxLeaves} is the limit."));
            }
        }

        return errors;
    }

    private static FieldError? Misfit(StateNode node, ConditionVariant variant)
    {
        if (!variant.Ops.Contains(node.Op))
        {
            return new FieldError(
                node.Pointer.Down("op"), TreeErrors.Code, $"The operator for {variant.Name} must be one of: {string.Join(", ", variant.Ops.Select(ConditionOps.NameOf))}.");
        }

        var value = node.Leaf.Value;
        var fits = node.Leaf.Op == ConditionOp.Blank || variant.Kind switch
        {
            ConditionKind.Number => value.Numbers.Count > 0,
            ConditionKind.Date or ConditionKind.Datetime => value.Moments.Count > 0 || value.Span is not null,
            _ => value.Texts.Count > 0,
        };
        return fits ? null : new FieldError(node.Pointer.Down("value"), TreeErrors.Code, $"{variant.Name} holds values of the kind {variant.Kind}.");
    }
}
