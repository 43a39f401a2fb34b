using System.Text.Json;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Extensibility;
using Millrace.Segments.Compiling;
using Millrace.Segments.Contracts;
using Millrace.Segments.Explaining;
using Millrace.Segments.Happened;
using Millrace.Segments.Naming;
using Millrace.Segments.Parsing;
using Millrace.Segments.Saved;
using Millrace.Segments.Tree;
using Npgsql;

namespace Millrace.Segments;

/// <summary>Reads <c>contacts.contact</c>: a set-based answer has to stand on the table itself.</summary>
internal sealed class Conditions(
    Catalogue<SegmentCondition> conditions, ActivityShapes shapes, Catalogue<RecordSet> records, TreeNames names, SegmentBook book) : IConditions
{
    /// <summary>Among a million, one of so many is met every fifty contacts; from here on the newest are sooner found by walking down.</summary>
    private const int FewMembers = 20_000;

    public ConditionTree Parse(JsonElement tree, string pointer) => new TreeParser(conditions, shapes, records).Parse(tree, pointer);

    public ValueTask<ConditionTree> ResolveAsync(
        NpgsqlTransaction transaction, long accountId, ConditionTree tree, CancellationToken cancellationToken) =>
        book.ResolveAsync(transaction, accountId, tree, cancellationToken);

    public Sql Compile(ConditionTree tree, SegmentContext context) => TreeCompiler.Compile(tree.Root, context);

    public async Task<Sql> CompileCountAsync(NpgsqlTransaction transaction, ConditionTree tree, SegmentContext context, CancellationToken cancellationToken)
    {
        var resolved = await ResolveAsync(transaction, context.AccountId, tree, cancellationToken);
        return (await CountPlan.ChooseAsync(transaction, resolved.Root, context, cancellationToken)).Count;
    }

    public IReadOnlySet<string> ActivityKinds(ConditionTree tree) => tree.Root.DeepLeaves()
        .SelectMany(leaf => leaf switch
        {
            StateNode state => state.Condition.ActivityKinds(state.Leaf),
            ActivityNode activity => [activity.Question.Shape.Kind.Key],
            SameNode same => same.Records.ActivityKinds,
            _ => [],
        })
        .ToHashSet(StringComparer.Ordinal);

    public bool IsTimeDependent(ConditionTree tree) => tree.Root.DeepLeaves().Any(leaf => leaf switch
    {
        StateNode state => state.Condition.IsTimeDependent(state.Leaf),
        ActivityNode activity => activity.Question.IsTimeDependent,
        SameNode same => same.Where.Leaves().OfType<MemberNode>().Any(m => m.Leaf.Value.IsRelative),
        _ => false,
    });

    public async Task<HashSet<long>> MatchingAsync(
        NpgsqlTransaction transaction, SegmentContext context, ConditionTree tree, long[] contactIds, CancellationToken cancellationToken)
    {
        if (contactIds.Length == 0)
        {
            return [];
        }

        var ids = contactIds.Distinct().ToArray();
        var resolved = await ResolveAsync(transaction, context.AccountId, tree, cancellationToken);
        var matching = await Sql.Of($"""
            select c.id from contacts.contact c
            where c.account_id = {context.AccountId} and c.id = any ({ids}) and {Compile(resolved, context with { ContactIds = ids })}
            """).ListAsync<long>(transaction, cancellationToken);
        return [.. matching];
    }

    public async Task<long> CountAsync(NpgsqlTransaction transaction, SegmentContext context, ConditionTree tree, CancellationToken cancellationToken)
    {
        var resolved = await ResolveAsync(transaction, context.AccountId, tree, cancellationToken);
        var plan = await CountPlan.ChooseAsync(transaction, resolved.Root, context, cancellationToken);
        return await plan.CountAsync(transaction, cancellationToken);
    }

    public async Task<SegmentPreview> PreviewAsync(
        NpgsqlTransaction transaction, SegmentContext context, ConditionTree tree, int limit, CancellationToken cancellationToken)
    {
        var resolved = await ResolveAsync(transaction, context.AccountId, tree, cancellationToken);
        var plan = await CountPlan.ChooseAsync(transaction, resolved.Root, context, cancellationToken);
        if (plan.Mask is { } mask && limit > 0)
        {
            var found = await MaskReading.FirstAsync<Found>(transaction, MaskCompiler.CountAndNewest(mask, limit), cancellationToken);
            return new(found!.Count, await ShownAsync(transaction, context.AccountId, Sql.Of($"c.id = any ({found.Newest})"), limit, cancellationToken));
        }

        var count = await plan.CountAsync(transaction, cancellationToken);
        return new(count, count == 0 || limit == 0 ? [] : await SampleAsync(transaction, context, resolved, limit, cancellationToken, count));
    }

    public async Task<List<SampleContact>> SampleAsync(
        NpgsqlTransaction transaction, SegmentContext context, ConditionTree tree, int limit, CancellationToken cancellationToken, long? count = null)
    {
        var resolved = await ResolveAsync(transaction, context.AccountId, tree, cancellationToken);
        var which = count <= FewMembers && CountCompiler.Newest(resolved.Root, context, limit) is { } newest
            ? Sql.Of($"c.id = any (array({newest}))")
            : Compile(resolved, context);
        return await ShownAsync(transaction, context.AccountId, which, limit, cancellationToken);
    }

    private static Task<List<SampleContact>> ShownAsync(NpgsqlTransaction transaction, long accountId, Sql which, int limit, CancellationToken cancellationToken) =>
        Sql.Of($"""
            select c.id, c.email, btrim(c.first_name || ' ' || c.last_name) from contacts.contact c
            where c.account_id = {accountId} and {which}
            order by c.id desc
            limit {limit}
            """).ListAsync<SampleContact>(transaction, cancellationToken);

    public async Task<List<LeafAnswer>> ExplainAsync(
        AccountTransaction work, SegmentContext context, ConditionTree tree, long contactId, CancellationToken cancellationToken)
    {
        var resolved = await ResolveAsync(work.Transaction, context.AccountId, tree, cancellationToken);
        var nameOf = await names.NamerAsync(work, context.AccountId, TreeReferences.OfAll(resolved.Root), cancellationToken);
        return await new TreeExplanation(context with { ContactIds = [contactId] }, new TreeWords(nameOf))
            .AnswerAsync(work.Transaction, resolved.Root, contactId, cancellationToken);
    }

    public async Task<Dictionary<long, LeafFinding[]>> FindingsAsync(
        NpgsqlTransaction transaction, SegmentContext context, ConditionTree tree, long[] contactIds, CancellationToken cancellationToken)
    {
        var resolved = await ResolveAsync(transaction, context.AccountId, tree, cancellationToken);
        return await TreeFindings.OfAsync(transaction, context with { ContactIds = contactIds }, resolved.Root, contactIds, cancellationToken);
    }

    public async Task<List<string>> WordsAsync(
        AccountTransaction work, long accountId, ConditionTree tree, Func<string, string?> stepOf, CancellationToken cancellationToken)
    {
        var words = new TreeWords(await names.NamerAsync(work, accountId, References(tree), cancellationToken), stepOf);
        return [.. tree.Root.Leaves().Select(words.Describe)];
    }

    public Task<JsonElement> ToIdsAsync(
        AccountTransaction work, long accountId, JsonElement tree, string pointer, NameResolution resolution, CancellationToken cancellationToken) =>
        names.ToIdsAsync(work, accountId, tree, pointer, resolution, cancellationToken);

    public Task<JsonElement> ToNamesAsync(AccountTransaction work, long accountId, JsonElement tree, CancellationToken cancellationToken) =>
        names.ToNamesAsync(work, accountId, tree, cancellationToken);

    public IReadOnlyList<TreeReference> References(ConditionTree tree) => TreeReferences.Of(tree.Root);

    public string Describe(ConditionTree tree, Func<string, long, string> nameOf) => new TreeWords(nameOf).Describe(tree.Root);

    public async Task<string> DescribeAsync(AccountTransaction work, long accountId, ConditionTree tree, CancellationToken cancellationToken)
    {
        var nameOf = await names.NamerAsync(work, accountId, References(tree), cancellationToken);
        return Describe(tree, nameOf);
    }

    public async Task<IReadOnlyDictionary<(string Source, long Id), string>> NamesAsync(
        AccountTransaction work, long accountId, IReadOnlyList<ConditionTree> trees, CancellationToken cancellationToken) =>
        await names.NamesOfAsync(work, accountId, trees.SelectMany(References).Select(r => (r.Source, r.Id)), cancellationToken);

    public Task<IReadOnlyList<FieldError>> CheckAsync(
        AccountTransaction work, long accountId, ConditionTree tree, CancellationToken cancellationToken) =>
        new TreeCheck(names, book).CheckAsync(work, accountId, tree, cancellationToken);

    private sealed record Found(long Count, long[] Newest);
}
