using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Extensibility;
using Millrace.Segments.Compiling;
using Millrace.Segments.Contracts;
using Millrace.Segments.Naming;
using Millrace.Segments.Tree;
using Npgsql;

namespace Millrace.Segments.Explaining;

/// <summary>Asks every leaf of a tree, those of saved segments too, about one contact: does it hold, and what was found? One statement for all of them.</summary>
internal sealed class TreeExplanation(SegmentContext context, TreeWords words)
{
    private readonly List<Sql> _holds = [];
    private readonly List<Sql> _found = [];

    public async Task<List<LeafAnswer>> AnswerAsync(
        NpgsqlTransaction transaction, ConditionNode root, long contactId, CancellationToken cancellationToken)
    {
        var answers = root.Leaves().Select(Ask).ToList();
        var row = await Sql.Of($"""
            select array[{Sql.Join(", ", _holds)}]::boolean[], array[{Sql.Join(", ", _found)}]::text[]
            from contacts.contact c where c.account_id = {context.AccountId} and c.id = {contactId}
            """).FirstAsync<Row>(transaction, cancellationToken) ?? throw new NotFoundException("There is no such contact.");
        return answers.ConvertAll(answer => answer(row));
    }

    /// <summary>Takes a place in the question and says how its answer is read.</summary>
    private Func<Row, LeafAnswer> Ask(LeafNode leaf)
    {
        var place = Place(leaf, TreeFindings.Found(leaf, context));
        var text = words.Describe(leaf);
        var inner = leaf is SavedNode saved ? saved.Contents.Select(Ask).ToList() : null;
        return row => new LeafAnswer(leaf.Pointer, row.Holds[place], text, row.Found[place], inner?.ConvertAll(i => i(row)));
    }

    private Func<Row, SegmentAnswer> Ask(SavedContent content)
    {
        var place = Place(content.Root, Sql.Empty);
        var leaves = content.Root.Leaves().Select(Ask).ToList();
        return row => new SegmentAnswer(content.Id, content.Name, row.Holds[place], leaves.ConvertAll(l => l(row)));
    }

    private int Place(ConditionNode node, Sql found)
    {
        _holds.Add(TreeCompiler.Compile(node, context));
        _found.Add(found.IsEmpty ? Sql.Of($"null") : Sql.Of($"left(({found})::text, 500)"));
        return _holds.Count - 1;
    }

    private sealed record Row(bool[] Holds, string?[] Found);
}
