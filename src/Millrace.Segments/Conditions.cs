using System.Text.Json;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Extensibility;
using Millrace.Segments.Compiling;
using Millrace.Segments.Contracts;
using Millrace.Segments.Happened;
using Millrace.Segments.Naming;
using Millrace.Segments.Parsing;
using Millrace.Segments.Tree;
using Npgsql;

namespace Millrace.Segments;

/// <summary>Reads <c>contacts.contact</c>: a set-based answer has to stand on the table itself.</summary>
internal sealed class Conditions(Catalogue<SegmentCondition> conditions, ActivityShapes shapes, TreeNames names) : IConditions
{
    public ConditionTree Parse(JsonElement tree, string pointer) => new TreeParser(conditions, shapes).Parse(tree, pointer);

    public Sql Compile(ConditionTree tree, SegmentContext context) => TreeCompiler.Compile(tree.Root, context);

    public IReadOnlySet<string> ActivityKinds(ConditionTree tree) => tree.Root.Leaves()
        .SelectMany(leaf => leaf switch
        {
            StateNode state => state.Condition.ActivityKinds(state.Leaf),
            ActivityNode activity => [activity.Question.Shape.Kind.Key],
            _ => [],
        })
        .ToHashSet(StringComparer.Ordinal);

    public bool IsTimeDependent(ConditionTree tree) => tree.Root.Leaves().Any(leaf => leaf switch
    {
        StateNode state => state.Condition.IsTimeDependent(state.Leaf),
        ActivityNode activity => activity.Question.IsTimeDependent,
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
        var matching = await Sql.Of($"""
            select c.id from contacts.contact c
            where c.account_id = {context.AccountId} and c.id = any ({ids}) and {Compile(tree, context with { ContactIds = ids })}
            """).ListAsync<long>(transaction, cancellationToken);
        return [.. matching];
    }

    public Task<long> CountAsync(NpgsqlTransaction transaction, SegmentContext context, ConditionTree tree, CancellationToken cancellationToken) =>
        Sql.Of($"""
            select count(*) from contacts.contact c where c.account_id = {context.AccountId} and {Compile(tree, context)}
            """).FirstAsync<long>(transaction, cancellationToken);

    public Task<List<SampleContact>> SampleAsync(
        NpgsqlTransaction transaction, SegmentContext context, ConditionTree tree, int limit, CancellationToken cancellationToken) =>
        Sql.Of($"""
            select c.id, c.email, btrim(c.first_name || ' ' || c.last_name) from contacts.contact c
            where c.account_id = {context.AccountId} and {Compile(tree, context)}
            order by c.id desc
            limit {limit}
            """).ListAsync<SampleContact>(transaction, cancellationToken);

    public async Task<List<LeafAnswer>> ExplainAsync(
        NpgsqlTransaction transaction, SegmentContext context, ConditionTree tree, long contactId, CancellationToken cancellationToken)
    {
        var only = context with { ContactIds = [contactId] };
        var leaves = tree.Root.Leaves().ToList();
        var answers = Sql.Join(", ", leaves.Select(leaf => TreeCompiler.Compile(leaf, only)));
        var found = await Sql.Of($"""
            select array[{answers}]::boolean[] from contacts.contact c where c.account_id = {context.AccountId} and c.id = {contactId}
            """).FirstAsync<bool[]>(transaction, cancellationToken) ?? throw new NotFoundException("There is no such contact.");
        return [.. leaves.Zip(found, (leaf, holds) => new LeafAnswer(leaf.Pointer, holds))];
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
        var found = await names.NamesOfAsync(
            work, accountId, References(tree).Select(r => (r.Source, r.Id)), cancellationToken);
        return Describe(tree, (source, id) => found.TryGetValue((source, id), out var name) ? name : TreeNames.Deleted(id));
    }

    public Task<IReadOnlyList<FieldError>> CheckAsync(
        AccountTransaction work, long accountId, ConditionTree tree, CancellationToken cancellationToken) =>
        new TreeCheck(names).CheckAsync(work, accountId, tree, cancellationToken);
}
