using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Millrace.Api.Dialect;
using Millrace.Api.Resources;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;

namespace Millrace.Messaging.V3;

internal sealed record V3MessageRow(
    long Id, string Name, string FromName, string FromAddress, string ReplyTo, string Subject, string Preheader, string Html, string Text, bool IsDesigned,
    DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);

/// <summary><c>/api/3/messages</c>: contents of mails. Those of automations' steps can be read here and are changed with their automation.</summary>
internal sealed class V3MessagesResource : V3Resource<V3MessageRow>, IEndpoint
{
    public override string Plural => "messages";

    public override string Singular => "message";

    public override string Model => "Message";

    public override Permission Permission => Permission.ViewMessages;

    public override IReadOnlyList<V3Relation> Relations { get; } = [V3Relation.Nothing("user"), V3Relation.Many("hyperlinks")];

    protected override Sql Columns { get; } = Sql.Of($"""
        m.id, m.name, m.from_name, m.from_address, m.reply_to, m.subject, m.preheader, m.html, m.text, m.design is not null, m.created_at, m.updated_at
        """);

    protected override Sql Table { get; } = Sql.Of($"messaging.message m");

    protected override Sql AccountColumn { get; } = Sql.Of($"m.account_id");

    protected override Sql IdColumn { get; } = Sql.Of($"m.id");

    protected override V3Filters Filters { get; } = new(new Dictionary<string, V3Attribute>(StringComparer.Ordinal)
    {
        ["id"] = new(Sql.Of($"m.id"), V3Kind.Id),
        ["name"] = new(Sql.Of($"m.name"), V3Kind.Text),
        ["subject"] = new(Sql.Of($"m.subject"), V3Kind.Text),
        ["fromemail"] = new(Sql.Of($"m.from_address"), V3Kind.Text),
        ["cdate"] = new(Sql.Of($"m.created_at"), V3Kind.Time),
        ["mdate"] = new(Sql.Of($"m.updated_at"), V3Kind.Time),
    });

    protected override long IdOf(V3MessageRow row) => row.Id;

    protected override IEnumerable<Sql> Where(V3Call call, V3Query query)
    {
        yield return Sql.Of($"not m.is_test");
        foreach (var condition in base.Where(call, query))
        {
            yield return condition;
        }
    }

    public override object View(V3MessageRow row, V3Call call) => new
    {
        userid = "0",
        ed_instanceid = "0",
        ed_version = row.IsDesigned ? "3" : "0",
        cdate = call.Iso(row.CreatedAt),
        mdate = call.Iso(row.UpdatedAt),
        name = row.Name,
        fromname = row.FromName,
        fromemail = row.FromAddress,
        reply2 = row.ReplyTo,
        priority = "3",
        charset = "utf-8",
        encoding = "quoted-printable",
        format = "mime",
        subject = row.Subject,
        preheader_text = row.Preheader,
        text = row.Text,
        html = row.Html,
        htmlfetch = "now",
        textfetch = "now",
        hidden = "0",
        preview_mime = (string?)null,
        preview_data = (string?)null,
        has_predictive_content = "0",
        links = Links(call, row.Id),
        id = new V3Id(row.Id),
        user = "0",
    };

    public static void Map(ModuleRoutes routes)
    {
        routes.V3.MapPost("messages", Create).RequirePermission(Permission.ManageMessages).Takes<Input>("message", "Makes a message.");
        routes.V3.MapPut("messages/{id}", Change).RequirePermission(Permission.ManageMessages).Takes<Input>("message", "Changes a message; what is not named stays.");
        routes.V3.MapDelete("messages/{id}", Delete).RequirePermission(Permission.ManageMessages);
    }

    /// <summary>The field table of the original says <c>email</c>, all its samples <c>fromemail</c>; both are taken.</summary>
    internal sealed record Input(
        string? Fromname = null, string? Fromemail = null, string? Email = null, string? Reply2 = null, string? Subject = null,
        [property: System.Text.Json.Serialization.JsonPropertyName("preheader_text")] string? PreheaderText = null, string? Name = null, string? Text = null, string? Html = null,
        string? Format = null)
    {
        public string? From => Fromemail ?? Email;
    }

    private static async Task<V3Result> Create(V3Call call, TimeProvider clock)
    {
        var body = await V3Body.ReadAsync(call.Request, call.CancellationToken);
        var input = await Task.FromResult(Read(body));
        List<FieldError> missing = [];
        foreach (var (name, value) in new[] { ("fromname", input.Fromname), ("fromemail", input.From), ("reply2", input.Reply2) })
        {
            if (string.IsNullOrWhiteSpace(value))
            {
                missing.Add(new FieldError($"/data/attributes/{name}", "field_missing", $"The {name} was not provided."));
            }
        }

        Check(input, missing);
        var messages = call.Resource<V3MessagesResource>();
        var now = clock.GetUtcNow();
        return await call.ChangeAsync(async work =>
        {
            var id = await Sql.Of($"""
                insert into messaging.message (account_id, name, subject, preheader, from_name, from_address, reply_to, html, text, created_at, updated_at)
                values ({call.Account.Id}, {NameOf(input)}, {input.Subject ?? ""}, {input.PreheaderText ?? ""}, {input.Fromname!}, {input.From!}, {input.Reply2!},
                    {input.Html ?? ""}, {input.Text ?? ""}, {now}, {now}) returning id
                """).FirstAsync<long>(work, call.CancellationToken);

            // What was given comes back as it was given, and what was made with it.
            var echo = JsonObject.Create(body.GetProperty("message"))!;
            echo["links"] = JsonSerializer.SerializeToNode(messages.Links(call, id));
            echo["id"] = new V3Id(id).ToString();
            return V3Result.Created(new { message = echo });
        });
    }

    private static async Task<V3Result> Change(string id, V3Call call, TimeProvider clock)
    {
        var input = await call.BodyAsync<Input>("message");
        Check(input, []);
        var messages = call.Resource<V3MessagesResource>();
        return await call.ChangeAsync(async work =>
        {
            var row = await messages.OneAsync(work, call, V3Id.Parse(id));
            var changed = await Sql.Of($"""
                update messaging.message set name = coalesce({input.Name}, name), subject = coalesce({input.Subject}, subject), preheader = coalesce({input.PreheaderText}, preheader),
                    from_name = coalesce({input.Fromname}, from_name), from_address = coalesce({input.From}, from_address), reply_to = coalesce({input.Reply2}, reply_to),
                    html = coalesce({input.Html}, html), design = case when {input.Html} is null then design end, text = coalesce({input.Text}, text),
                    updated_at = {clock.GetUtcNow()}, revision = revision + 1
                where account_id = {call.Account.Id} and id = {row.Id} and automation_id is null
                """).ExecuteAsync(work, call.CancellationToken);
            return changed == 0
                ? throw new ConflictException("message_of_automation", "This message belongs to an automation; edit it there.")
                : V3Result.Ok(messages.Wrap(await messages.OneAsync(work, call, row.Id), call));
        });
    }

    private static Task<V3Result> Delete(string id, V3Call call) => call.ChangeAsync(async work =>
    {
        var row = await call.Resource<V3MessagesResource>().OneAsync(work, call, V3Id.Parse(id));
        var deleted = await Sql.Of($"""
            delete from messaging.message m where account_id = {call.Account.Id} and id = {row.Id} and automation_id is null
              and not exists (select 1 from messaging.message_version v where v.account_id = m.account_id and v.message_id = m.id)
              and not exists (select 1 from messaging.campaign_variant k where k.account_id = m.account_id and k.message_id = m.id)
            """).ExecuteAsync(work, call.CancellationToken);
        return deleted == 0 ? throw new ConflictException("message_in_use", "This message has been sent, or belongs to a campaign or an automation.") : V3Result.Empty;
    });

    private static Input Read(JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object || !body.TryGetProperty("message", out var inner) || inner.ValueKind != JsonValueKind.Object)
        {
            throw new InvalidInputException("/data/attributes/message", "field_missing", "The request has to hold the object \"message\".");
        }

        try
        {
            return inner.Deserialize<Input>(V3Json.Options)!;
        }
        catch (JsonException)
        {
            throw new InvalidInputException("/data/attributes", "field_invalid", "A value has the wrong type.");
        }
    }

    private static void Check(Input input, List<FieldError> errors)
    {
        (string Name, string? Value, int Most)[] limits =
        [
            ("name", input.Name, 200), ("fromname", input.Fromname, 200), ("fromemail", input.From, 254), ("reply2", input.Reply2, 254), ("subject", input.Subject, 1_000),
            ("preheader_text", input.PreheaderText, 1_000), ("html", input.Html, 524_288), ("text", input.Text, 524_288),
        ];
        errors.AddRange(limits.Where(l => l.Value?.Length > l.Most || l.Value?.Contains('\0', StringComparison.Ordinal) == true)
            .Select(l => new FieldError($"/data/attributes/{l.Name}", "field_invalid", $"This takes at most {l.Most} characters.")));
        if (input.Name is { } name && name.Trim().Length == 0)
        {
            errors.Add(new FieldError("/data/attributes/name", "field_invalid", "A name has 1 to 200 characters."));
        }

        if (errors.Count > 0)
        {
            throw new InvalidInputException(errors);
        }
    }

    private static string NameOf(Input input)
    {
        var name = input.Name ?? (string.IsNullOrWhiteSpace(input.Subject) ? "Untitled" : input.Subject);
        return StorableText.Cut(name, 200);
    }
}
