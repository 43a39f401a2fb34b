using System.Text.Json.Nodes;
using Millrace.Automations.Definitions;
using Millrace.Contacts.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Extensibility;
using Millrace.Segments.Contracts;

namespace Millrace.Automations.Recipes;

/// <summary>Makes an automation of a recipe: finds or makes what the answers name, puts their words into the mails, and saves a draft.</summary>
internal sealed class RecipeStart(
    Catalogue<ReferenceSource> sources, IFields fields, DocumentNames names, DocumentNodes nodes, FlowReader reader, AutomationDrafts drafts, TimeProvider clock)
{
    /// <summary>In the caller's transaction.</summary>
    /// <param name="answers">By what stands in the recipe; what is not answered stays as it is.</param>
    /// <returns>The automation's id.</returns>
    /// <exception cref="InvalidInputException">An answer cannot be used, or names something of another kind.</exception>
    public async Task<long> StartAsync(
        AccountTransaction work, long accountId, long userId, Recipe recipe, string name, IReadOnlyDictionary<RecipeAsk, RecipeAnswer> answers,
        IReadOnlyDictionary<string, JsonObject> mails, CancellationToken cancellationToken)
    {
        var document = (JsonObject)recipe.Document.DeepClone();
        var errors = new List<FieldError>();
        var instead = new Dictionary<(string Source, string Name), string>();
        foreach (var ask in recipe.Asks)
        {
            var (to, path) = answers.TryGetValue(ask, out var answer) ? (answer.To.Trim(), answer.Path) : (ask.Value, "/answers");
            if (RecipeWords.Problem(ask, to) is { } problem)
            {
                errors.Add(new FieldError(path, "invalid", problem));
            }
            else if (ask.Kind is RecipeAskKind.Signer or RecipeAskKind.Text or RecipeAskKind.Link)
            {
                RecipeWords.Replace(document, ask, to);
            }
            else if (await NamedAsync(work, accountId, ask, to, document, cancellationToken) is { } missing)
            {
                errors.Add(new FieldError(path, missing.Code, missing.Message));
            }
            else
            {
                instead[(EnumNames<RecipeAskKind>.NameOf(ask.Kind), ask.Value)] = to;
                if (ask.Kind == RecipeAskKind.Tag)
                {
                    RecipeWords.RenameTag(document, ask.Value, to);
                }
            }
        }

        Mails(document, mails, errors);
        if (errors.Count > 0)
        {
            throw new InvalidInputException(errors);
        }

        nodes.FillIds(document);
        errors.AddRange(await names.ToIdsAsync(work, accountId, document, new NameResolution(Create: false, clock.GetUtcNow()) { Use = instead }, cancellationToken));
        errors.AddRange(reader.Read(System.Text.Json.JsonElement.Parse(document.ToJsonString())).Problems.Where(p => p.Structural).Select(p => p.AsError()));
        return errors.Count > 0
            ? throw new InvalidInputException(errors)
            : await drafts.CreateAsync(work.Transaction, accountId, userId, name, recipe.Summary, document, cancellationToken);
    }

    /// <summary>Sees to it that the thing is there.</summary>
    /// <returns>Why it cannot be used; null: it is there.</returns>
    private async Task<(string Code, string Message)?> NamedAsync(
        AccountTransaction work, long accountId, RecipeAsk ask, string to, JsonObject document, CancellationToken cancellationToken)
    {
        if (ask.Kind == RecipeAskKind.Field)
        {
            var field = await fields.FindAsync(work.Transaction, accountId, to, cancellationToken);
            if (field is not null && ask.Type is { } type && field.Type != type)
            {
                return ("wrong_kind", $"The field {to} holds {field.Type}; {type} is needed here. Choose another one, or a new name.");
            }

            field ??= await fields.CreateAsync(work.Transaction, accountId, to, ask.Type ?? "text", clock.GetUtcNow(), cancellationToken);
            RecipeWords.RenameField(document, ask.Value, field.Key);
            return null;
        }

        var source = sources.Find(EnumNames<RecipeAskKind>.NameOf(ask.Kind))!;
        if ((await source.ByNamesAsync(work, accountId, [to], cancellationToken)).Count > 0)
        {
            return null;
        }

        if (!source.CanCreate)
        {
            return ("reference_missing", $"There is no {source.Key} {to}.");
        }

        await source.CreateAsync(work, accountId, to, clock.GetUtcNow(), cancellationToken);
        return null;
    }

    /// <summary>Options that take the place of a mail's own.</summary>
    private void Mails(JsonObject document, IReadOnlyDictionary<string, JsonObject> mails, List<FieldError> errors)
    {
        var steps = nodes.All(document).Where(n => (string?)n.Json["type"] == RecipeWords.Mail).ToDictionary(n => (string)n.Json["id"]!, n => n.Json, StringComparer.Ordinal);
        foreach (var (id, options) in mails)
        {
            if (!steps.TryGetValue(id, out var step))
            {
                errors.Add(new FieldError("/mails", "step_missing", $"The recipe has no mail {id}."));
                continue;
            }

            if (options.ContainsKey("design") || options.ContainsKey("html"))
            {
                step.Remove("design");
                step.Remove("html");
            }

            foreach (var (key, value) in options.Where(o => o.Value is not null).ToList())
            {
                step[key] = value!.DeepClone();
            }
        }
    }
}

/// <param name="Path">Where it stands in the request, for errors.</param>
internal sealed record RecipeAnswer(string To, string Path);
