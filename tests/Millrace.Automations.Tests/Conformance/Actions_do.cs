using Millrace.Kernel.Data;

namespace Millrace.Automations.Tests.Conformance;

/// <summary>2.6: what steps do to a contact.</summary>
internal sealed class Actions_do : RuleTable
{
    public Actions_do()
        : base("2.6")
    {
        Add("Compute: a number by the four rules", async c =>
        {
            var field = await c.FieldAsync("number", "N");
            var contact = await c.ContactAsync();
            await c.SetAsync(contact, field, "10");
            await RunAsync(c, contact, """
                { "type": "math.compute", "field": "N ~", "operation": "add", "value": 2.5 }, { "type": "math.compute", "field": "N ~", "operation": "subtract", "value": 0.5 },
                { "type": "math.compute", "field": "N ~", "operation": "multiply", "value": 3 }, { "type": "math.compute", "field": "N ~", "operation": "divide", "value": 8 }
                """);
            (await c.ValueAsync(contact, field)).ShouldBe("4.5");
        });
        Add("Compute: with another field, into a third", async c =>
        {
            var (a, b, sum) = (await c.FieldAsync("number", "A"), await c.FieldAsync("number", "B"), await c.FieldAsync("number", "C"));
            var contact = await c.ContactAsync();
            await c.SetAsync(contact, a, "3");
            await c.SetAsync(contact, b, "4");
            await RunAsync(c, contact, """{ "type": "math.compute", "field": "A ~", "operation": "multiply", "by": "field", "other": "B ~", "into": "C ~" }""");
            (await c.ValueAsync(contact, sum)).ShouldBe("12");
            (await c.ValueAsync(contact, a)).ShouldBe("3");
        });
        Add("Compute: an empty number counts as 0", async c =>
        {
            var field = await c.FieldAsync("number", "N");
            var contact = await c.ContactAsync();
            await RunAsync(c, contact, """{ "type": "math.compute", "field": "N ~", "operation": "add", "value": 1 }""");
            (await c.ValueAsync(contact, field)).ShouldBe("1");
        });
        Add("Compute: division by zero is told on the path and changes nothing", async c =>
        {
            var (field, _) = (await c.FieldAsync("number", "N"), await c.FieldAsync("number", "Zero"));
            var contact = await c.ContactAsync();
            await c.SetAsync(contact, field, "7");
            var automation = await RunAsync(c, contact, """{ "id": "m", "type": "math.compute", "field": "N ~", "operation": "divide", "by": "field", "other": "Zero ~" }""");
            (await c.PathAsync(automation, contact)).ShouldStartWith("m=failed_division_by_zero");
            (await c.ValueAsync(contact, field)).ShouldBe("7");
        });
        Add("Compute: a result that is too large is told on the path", async c =>
        {
            var field = await c.FieldAsync("number", "N");
            var contact = await c.ContactAsync();
            await c.SetAsync(contact, field, "9000000000000000000000000000");
            var automation = await RunAsync(c, contact, """{ "id": "m", "type": "math.compute", "field": "N ~", "operation": "multiply", "value": 100 }""");
            (await c.PathAsync(automation, contact)).ShouldStartWith("m=failed_overflow");
        });
        Add("Compute: a date moves by days, weeks, months and years", async c =>
        {
            var field = await c.FieldAsync("date", "D");
            var contact = await c.ContactAsync();
            await c.SetAsync(contact, field, "2026-01-31");
            await RunAsync(c, contact, """
                { "type": "math.compute", "field": "D ~", "operation": "add", "value": 1, "unit": "months" },
                { "type": "math.compute", "field": "D ~", "operation": "add", "value": 2, "unit": "weeks" },
                { "type": "math.compute", "field": "D ~", "operation": "subtract", "value": 1, "unit": "days" },
                { "type": "math.compute", "field": "D ~", "operation": "add", "value": 1, "unit": "years" }
                """);
            (await c.ValueAsync(contact, field)).ShouldBe("2027-03-13");
        });
        Add("Compute: a date that is not there is told on the path", async c =>
        {
            await c.FieldAsync("date", "D");
            var contact = await c.ContactAsync();
            var automation = await RunAsync(c, contact, """{ "id": "m", "type": "math.compute", "field": "D ~", "value": 1 }""");
            (await c.PathAsync(automation, contact)).ShouldStartWith("m=failed_empty");
        });
        Add("Compute: an amount of money stays one", async c =>
        {
            var field = await c.FieldAsync("currency", "M");
            var contact = await c.ContactAsync();
            await c.SetAsync(contact, field, "10 EUR");
            await RunAsync(c, contact, """{ "type": "math.compute", "field": "M ~", "operation": "add", "value": 2.5 }""");
            (await c.ValueAsync(contact, field)).ShouldBe("12.5 EUR");
        });
        Add("Compute: a date cannot be multiplied, and text not at all", async c =>
        {
            await c.FieldAsync("date", "D");
            await c.FieldAsync("text", "T");
            (await c.ProblemsAsync("""[ { "type": "math.compute", "field": "D ~", "operation": "multiply", "value": 2 } ]""")).ShouldContain("not_for_dates");
            (await c.ProblemsAsync("""[ { "type": "math.compute", "field": "T ~", "value": 2 } ]""")).ShouldContain("not_a_number");
        });
        Add("Note: with its tags filled in", async c =>
        {
            var contact = await c.ContactAsync();
            await c.Scenario.Account.PatchAsync($"contacts/{contact}", new { first_name = "Ann" });
            await RunAsync(c, contact, """{ "type": "note.add", "text": "%FIRSTNAME|Nobody% came by" }""");
            (await c.Scenario.QueryAsync<string>(Sql.Of($"select text from contacts.note where account_id = {c.AccountId} and contact_id = {contact}"))).ShouldBe("Ann came by");
        });
        Add("Owner: one user", async c =>
        {
            var contact = await c.ContactAsync();
            await RunAsync(c, contact, $$"""{ "type": "owner.assign", "users": [ "{{c.Scenario.Account.Email}}" ] }""");
            (await OwnerAsync(c, contact)).ShouldBe(c.Scenario.Account.UserId);
        });
        Add("Owner: several take turns, each the same number", async c =>
        {
            var users = await Task.WhenAll(Enumerable.Range(1, 3).Select(i => UserAsync(c, i)));
            var contacts = await c.ContactsAsync(9);
            var automation = await c.StepsAsync($$"""[ { "type": "owner.assign", "users": [ {{string.Join(',', users.Select(u => $"\"{u}\""))}} ] } ]""");
            foreach (var part in contacts.Chunk(4))
            {
                await c.AddAsync(automation, part);
            }

            var owners = new List<long>();
            foreach (var contact in contacts)
            {
                owners.Add(await OwnerAsync(c, contact));
            }

            owners.GroupBy(o => o).Select(g => g.Count()).ShouldBe([3, 3, 3]);
        });
        Add("Owner: one that is there may be kept", async c =>
        {
            var contact = await c.ContactAsync();
            await RunAsync(c, contact, $$"""{ "type": "owner.assign", "users": [ "{{c.Scenario.Account.Email}}" ] }""");
            var other = await UserAsync(c, 1);
            var automation = await RunAsync(c, contact, $$"""{ "id": "o", "type": "owner.assign", "users": [ "{{other}}" ], "keep_owner": true }""");
            (await OwnerAsync(c, contact)).ShouldBe(c.Scenario.Account.UserId);
            (await c.PathAsync(automation, contact)).ShouldBe("o=kept_owner");
        });
        Add("Delete: nothing is left of the contact", async c =>
        {
            var contact = await c.ContactAsync();
            var automation = await c.StepsAsync("""[ { "type": "contact.delete" } ]""");
            await c.Scenario.AddAsync(automation, contact);
            await TestKit.Product.EventuallyAsync(
                async () => !await c.Scenario.QueryAsync<bool>(Sql.Of($"select exists (select 1 from contacts.contact where account_id = {c.AccountId} and id = {contact})")), "deleted");
        });
        Add("Site message: refused with a clear word until there are some", async c =>
            (await c.ProblemsAsync("""[ { "type": "site_message.show", "message": "Hi" } ]""")).ShouldContain("not_available"));
        Add("If/else is decided once, on arrival", async c =>
        {
            var contact = await c.ContactAsync();
            var automation = await RunAsync(c, contact, """
                { "id": "if", "type": "flow.if", "conditions": { "all": [ { "field": "tag", "op": "has", "value": "buyer ~" } ] },
                  "yes": [ { "id": "y", "type": "wait.for", "duration": "P3000D" } ], "no": [ { "id": "n", "type": "wait.for", "duration": "P3000D" } ] }
                """);
            (await c.StateAsync(automation, contact)).ShouldBe("waiting:n");
            await c.TagAsync("buyer", contact);
            await c.Scenario.Account.SettledAsync();
            (await c.StateAsync(automation, contact)).ShouldBe("waiting:n");
        });
        Add("Update contact: set, copy and clear a field", async c =>
        {
            var (a, b) = (await c.FieldAsync("text", "A"), await c.FieldAsync("text", "B"));
            var contact = await c.ContactAsync();
            await RunAsync(c, contact, """
                { "type": "field.set", "field": "A ~", "value": "x" }, { "type": "field.set", "field": "B ~", "mode": "copy", "source": "A ~" }, { "type": "field.set", "field": "A ~", "mode": "clear" }
                """);
            (await c.ValueAsync(contact, a)).ShouldBeNull();
            (await c.ValueAsync(contact, b)).ShouldBe("x");
        });
    }

    private static async Task<long> RunAsync(Case c, long contact, string steps)
    {
        var automation = await c.StepsAsync($"[ {steps} ]", "Rule " + Kernel.Security.RandomToken.New(4));
        await c.AddAsync(automation, contact);
        return automation;
    }

    private static Task<long> OwnerAsync(Case c, long contact) =>
        c.Scenario.QueryAsync<long>(Sql.Of($"select coalesce(owner_id, 0) from contacts.contact where account_id = {c.AccountId} and id = {contact}"));

    private static async Task<string> UserAsync(Case c, int number)
    {
        var email = $"u{number}-{Kernel.Security.RandomToken.New(6).ToLowerInvariant()}@example.com";
        await c.Scenario.ExecuteAsync(Sql.Of($"""
            insert into accounts.app_user (account_id, email, role, created_at, updated_at) values ({c.AccountId}, {email}, 'user', {c.Now}, {c.Now})
            """));
        return email;
    }
}
