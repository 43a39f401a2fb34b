using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;
using Millrace.Segments.Contracts;

namespace Millrace.Segments.Tests;

/// <summary>Random trees over random contacts: SQL gives exactly what a plain evaluator in memory gives, for all contacts, for a batch and leaf by leaf.</summary>
public sealed class TruthTests(SegmentsFixture segments) : IClassFixture<SegmentsFixture>
{
    private const int Trees = 300;
    private const int Contacts = 60;

    [Theory]
    [InlineData("UTC", 1)]
    [InlineData("America/New_York", 2)]
    public async Task Sql_and_a_plain_evaluator_agree(string zone, int seed)
    {
        var account = await segments.NewAccountAsync();
        await segments.NewAccountAsync();
        var random = new Random(seed);
        var now = new DateTimeOffset(2026, 3, 8, 12, 0, 0, TimeSpan.Zero).AddHours(random.Next(24));
        await using var work = await segments.BeginAsync(account);
        var world = await World.MakeAsync(work, account, random, Contacts, now);
        var context = new SegmentContext(account, now, zone);
        var all = world.People.Select(p => p.Id).ToArray();
        for (var i = 0; i < Trees; i++)
        {
            var (json, holds) = new RandomTree(random, world, context).Make(depth: 3);
            var tree = segments.Parse(json.ToJsonString());
            var expected = world.People.Where(holds).Select(p => p.Id).Order().ToList();
            (await segments.Conditions.MatchingAsync(work.Transaction, context, tree, all, default)).Order().ToList().ShouldBe(expected, json.ToJsonString());
            (await segments.Conditions.CountAsync(work.Transaction, context, tree, default)).ShouldBe(expected.Count, json.ToJsonString());
            var one = world.People[random.Next(Contacts)];
            (await segments.Conditions.MatchingAsync(work.Transaction, context, tree, [one.Id], default)).Count.ShouldBe(holds(one) ? 1 : 0, json.ToJsonString());
            var sample = await segments.Conditions.SampleAsync(work.Transaction, context, tree, 5, default);
            sample.Select(s => s.Id).ToList().ShouldBe([.. expected.OrderDescending().Take(5)]);
        }
    }

    /// <summary>One list is left, another is active since long ago: conditions on lists alone hold each by another list, in one <c>same</c> they must hold by one.</summary>
    [Fact]
    public async Task A_block_about_the_same_record_is_explained_by_the_records_for_which_all_of_it_holds()
    {
        var account = await segments.NewAccountAsync();
        var now = new DateTimeOffset(2026, 3, 8, 12, 0, 0, TimeSpan.Zero);
        await using var work = await segments.BeginAsync(account);
        var lists = await Sql.Of($"""
            insert into contacts.list (account_id, name, string_id, created_at, updated_at)
            select {account}, n, lower(n), {now}, {now} from unnest(array['News', 'Offers']) n returning id
            """).ListAsync<long>(work, default);
        var people = await Sql.Of($"""
            insert into contacts.contact (account_id, email, created_at, updated_at)
            select {account}, n || '@example.com', {now}, {now} from unnest(array['one', 'two', 'none']) n returning id
            """).ListAsync<long>(work, default);
        // The first has left News and is active on Offers; the second is active on both; the third is on none.
        await Sql.Of($"""
            insert into contacts.subscription (account_id, contact_id, list_id, status, created_at, updated_at)
            values ({account}, {people[0]}, {lists[0]}, 'unsubscribed', {now}, {now}), ({account}, {people[0]}, {lists[1]}, 'active', {now}, {now}),
                   ({account}, {people[1]}, {lists[0]}, 'active', {now}, {now}), ({account}, {people[1]}, {lists[1]}, 'active', {now}, {now})
            """).ExecuteAsync(work, default);
        var both = $$"""[{"field":"subscription.list","op":"is","value":{{lists[0]}}},{"field":"subscription.status","op":"is","value":"active"}]""";
        (string Tree, bool[] Holds, string?[] Found)[] cases =
        [
            ($$"""{"all":{{both}}}""", [true, true, true, true, false, false], []),
            ($$"""{"same":"subscription","all":{{both}}}""", [false, true, false], ["0 of 2", "1 of 2", null]),
            ($$"""{"same":"subscription","all":{{both}},"never":true}""", [true, false, true], ["0 of 2", "1 of 2", null]),
            ("""{"same":"subscription","all":[{"field":"subscription.status","op":"is","value":"active"}],"times":{"at_least":2}}""", [false, true, false], ["1 of 2", "2 of 2", null]),
            ("""{"same":"subscription","any":[{"field":"subscription.status","op":"is","value":"bounced"}],"times":{"at_most":0}}""", [true, true, true], ["0 of 2", "0 of 2", null]),
        ];
        foreach (var (json, holds, found) in cases)
        {
            var tree = segments.Parse(json);
            var leaves = new List<LeafAnswer>();
            foreach (var person in people)
            {
                var answers = await segments.Conditions.ExplainAsync(work, new(account, now, "UTC"), tree, person, default);
                var matches = (await segments.Conditions.MatchingAsync(work.Transaction, new(account, now, "UTC"), tree, [person], default)).Count == 1;
                answers.TrueForAll(a => a.Holds).ShouldBe(matches, $"{json} of {person}");
                leaves.AddRange(answers);
            }

            leaves.Select(l => l.Holds).ShouldBe(holds, json);
            if (found.Length > 0)
            {
                leaves.Select(l => l.Found).ShouldBe(found, json);
                leaves.ShouldAllBe(l => l.Pointer == "/conditions");
            }
        }
    }

    [Fact]
    public async Task Each_leaf_is_explained_by_its_own_truth()
    {
        var account = await segments.NewAccountAsync();
        var now = new DateTimeOffset(2026, 3, 8, 12, 0, 0, TimeSpan.Zero);
        await using var work = await segments.BeginAsync(account);
        var id = await Sql.Of($"""
            insert into contacts.contact (account_id, email, first_name, created_at, updated_at) values ({account}, 'a%b@example.com', 'Ann', {now}, {now}) returning id
            """).FirstAsync<long>(work, default);
        var tree = segments.Parse("""
            {"any":[{"field":"email","op":"contains","value":"%"},{"field":"email","op":"contains","value":"_"},
                    {"not":{"field":"first_name","op":"is","value":"ANN"}},{"field":"tag","op":"has_not","value":99}]}
            """);
        var answers = await segments.Conditions.ExplainAsync(work, new(account, now, "UTC"), tree, id, default);
        answers.ShouldBe(
        [
            new LeafAnswer("/conditions/any/0", true, "E-mail address contains “%”", "a%b@example.com"),
            new LeafAnswer("/conditions/any/1", false, "E-mail address contains “_”", "a%b@example.com"),
            new LeafAnswer("/conditions/any/2/not", true, "First name is “ANN”", "Ann"),
            new LeafAnswer("/conditions/any/3", true, "Tag is not (deleted 99)"),
        ]);
    }
}
