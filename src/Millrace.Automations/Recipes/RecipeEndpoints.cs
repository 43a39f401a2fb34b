using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Millrace.Automations.Definitions;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Extensibility;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Npgsql;

namespace Millrace.Automations.Recipes;

/// <summary><c>/api/app/automations/recipes</c>: ready-made automations to look at and to begin with.</summary>
internal sealed class RecipeEndpoints : IEndpoint
{
    public static void Map(ModuleRoutes routes)
    {
        routes.App.MapGet("automations/recipes", List).WithName("app_recipe_list").RequirePermission(Permission.ViewAutomations);
        routes.App.MapGet("automations/recipes/{key}", Read).WithName("app_recipe_read").RequirePermission(Permission.ViewAutomations);
        routes.App.MapPost("automations/recipes/{key}/start", Start).WithName("app_recipe_start").RequirePermission(Permission.ManageAutomations);
    }

    internal sealed record RecipeList(IReadOnlyList<RecipeItem> Items);

    /// <param name="Summary">What it does.</param>
    /// <param name="Triggers">What sets it off, in words; of a trigger this server does not know its type.</param>
    /// <param name="Steps">How many, branches included.</param>
    /// <param name="Mails">How many of them send an e-mail.</param>
    /// <param name="Needs">Parts of the product it needs that are not there; empty: it can be started.</param>
    internal sealed record RecipeItem(
        string Key, string Name, string Category, string Summary, IReadOnlyList<string> Triggers, int Steps, int Mails, IReadOnlyList<RecipeNeed> Needs);

    /// <param name="Document">With names, as import takes it.</param>
    internal sealed record RecipeDetail(RecipeItem Recipe, JsonElement Document, IReadOnlyList<AskItem> Asks, IReadOnlyList<MailItem> Mails);

    /// <param name="Value">What stands in the document; the proposal too, but for users and signers.</param>
    /// <param name="Type">Of a field: what it must hold.</param>
    /// <param name="Found">The account has a thing of this name; of a field also one of another type.</param>
    internal sealed record AskItem(RecipeAskKind Kind, string Value, string Label, string? Type, bool Found);

    /// <param name="Step">Id of the step in the document.</param>
    internal sealed record MailItem(string Step, string Subject);

    /// <param name="Name">Of the automation.</param>
    /// <param name="Answers">What is not answered stays as the recipe proposes it.</param>
    /// <param name="Mails">Mails that take the place of the recipe's.</param>
    internal sealed record RecipeStartRequest(string Name, IReadOnlyList<Answer>? Answers = null, IReadOnlyList<OwnMail>? Mails = null);

    /// <param name="Value">As in the recipe.</param>
    /// <param name="To">Name of a thing of the account, or of a new one; or the text.</param>
    internal sealed record Answer(RecipeAskKind Kind, string Value, string To);

    /// <param name="Step">Id of the step.</param>
    /// <param name="Subject">Null: the recipe's.</param>
    /// <param name="Design">With <paramref name="Html"/>: null, both: the recipe's content.</param>
    internal sealed record OwnMail(string Step, string? Subject = null, string? Preheader = null, JsonElement? Design = null, string? Html = null, string? Text = null);

    /// <param name="Problems">What is left to do before it can be published.</param>
    internal sealed record RecipeStarted(long Id, IReadOnlyList<FlowProblem> Problems);

    private static Ok<RecipeList> List(RecipeLibrary library, RecipeNeeds needs, DocumentNodes nodes, Catalogue<AutomationTrigger> triggers) =>
        TypedResults.Ok(new RecipeList([.. library.All.Select(r => Item(r, needs, nodes, triggers))]));

    private static async Task<Ok<RecipeDetail>> Read(
        string key, CurrentAccount account, RecipeLibrary library, RecipeNeeds needs, DocumentNodes nodes, Catalogue<AutomationTrigger> triggers,
        Catalogue<ReferenceSource> sources, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        var recipe = library.Find(key) ?? throw new NotFoundException("There is no such recipe.");
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var found = new HashSet<(RecipeAskKind, string)>();
        foreach (var group in recipe.Asks.Where(a => sources.Find(EnumNames<RecipeAskKind>.NameOf(a.Kind)) is not null).GroupBy(a => a.Kind))
        {
            var source = sources.Find(EnumNames<RecipeAskKind>.NameOf(group.Key))!;
            var known = await source.ByNamesAsync(work, account.Id, [.. group.Select(a => a.Value)], cancellationToken);
            found.UnionWith(group.Where(a => known.Exists(k => k.Name.Equals(a.Value, StringComparison.OrdinalIgnoreCase))).Select(a => (a.Kind, a.Value)));
        }

        var document = (JsonObject)recipe.Document.DeepClone();
        nodes.FillIds(document);
        var mails = nodes.All(document).Where(n => (string?)n.Json["type"] == RecipeWords.Mail).Select(n => new MailItem((string)n.Json["id"]!, (string)n.Json["subject"]!));
        return TypedResults.Ok(new RecipeDetail(
            Item(recipe, needs, nodes, triggers), JsonElement.Parse(document.ToJsonString()),
            [.. recipe.Asks.Select(a => new AskItem(a.Kind, a.Value, a.Label, a.Type, found.Contains((a.Kind, a.Value))))], [.. mails]));
    }

    /// <summary>Makes a draft of the recipe: with the things of the account that the answers name, or new ones, and its mails as drafts.</summary>
    private static async Task<Created<RecipeStarted>> Start(
        string key, RecipeStartRequest request, CurrentAccount account, RecipeLibrary library, RecipeNeeds needs, RecipeStart start, FlowChecks checks,
        NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        var recipe = library.Find(key) ?? throw new NotFoundException("There is no such recipe.");
        if (needs.Missing(recipe.Document) is [_, ..] missing)
        {
            throw new ConflictException("recipe_unavailable", $"This recipe needs {string.Join(", ", missing.Select(m => m.Module))}.");
        }

        var answers = new Dictionary<RecipeAsk, RecipeAnswer>();
        foreach (var (i, answer) in (request.Answers ?? []).Index())
        {
            var ask = recipe.Asks.FirstOrDefault(a => a.Kind == answer.Kind && a.Value == answer.Value)
                ?? throw new InvalidInputException($"/answers/{i}/value", "unknown_choice", "The recipe does not ask for this.");
            answers[ask] = new RecipeAnswer(answer.To, $"/answers/{i}/to");
        }

        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var id = await start.StartAsync(
            work, account.Id, account.UserId, recipe, request.Name, answers,
            (request.Mails ?? []).GroupBy(m => m.Step, StringComparer.Ordinal).ToDictionary(g => g.Key, g => Options(g.Last()), StringComparer.Ordinal), cancellationToken);
        var row = await AutomationRow.ReadAsync(work.Transaction, account.Id, id, cancellationToken);
        var (_, problems) = await checks.CheckAsync(work, account.Id, id, row.Draft, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return TypedResults.Created($"/api/app/automations/{id}", new RecipeStarted(id, problems));
    }

    private static RecipeItem Item(Recipe recipe, RecipeNeeds needs, DocumentNodes nodes, Catalogue<AutomationTrigger> triggers)
    {
        var all = nodes.All(recipe.Document).ToList();
        var steps = all.FindAll(n => !n.IsTrigger);
        var set = all.FindAll(n => n.IsTrigger).Select(n => (string)n.Json["type"]!);
        return new RecipeItem(
            recipe.Key, recipe.Name, recipe.Category, recipe.Summary, [.. set.Select(t => triggers.Find(t)?.Title ?? t)], steps.Count,
            steps.Count(s => (string?)s.Json["type"] == RecipeWords.Mail), needs.Missing(recipe.Document));
    }

    private static JsonObject Options(OwnMail mail)
    {
        var options = new JsonObject();
        foreach (var (key, value) in new (string, JsonNode?)[]
        {
            ("subject", mail.Subject), ("preheader", mail.Preheader), ("html", mail.Html), ("text", mail.Text),
            ("design", mail.Design is { ValueKind: JsonValueKind.Object } design ? JsonObject.Create(design) : null),
        })
        {
            if (value is not null)
            {
                options[key] = value;
            }
        }

        return options;
    }
}
