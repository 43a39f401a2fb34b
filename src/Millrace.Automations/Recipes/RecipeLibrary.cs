using System.Text.Json.Nodes;
using Millrace.Automations.Definitions;
using Millrace.Kernel.Data;

namespace Millrace.Automations.Recipes;

/// <summary>
/// The recipes of <c>Library/</c>, one file each: an automation document in YAML with one more member, <c>recipe</c>, which says the category, what it does, and
/// what to ask. Adding a file is all it takes.
/// </summary>
internal sealed class RecipeLibrary
{
    private const string Folder = "Millrace.Automations.Recipes.Library.";
    private readonly Lazy<IReadOnlyDictionary<string, Recipe>> _all = new(ReadAll);

    /// <summary>By category, then by name.</summary>
    public IEnumerable<Recipe> All => _all.Value.Values.OrderBy(r => r.Category, StringComparer.Ordinal).ThenBy(r => r.Name, StringComparer.Ordinal);

    public Recipe? Find(string key) => _all.Value.GetValueOrDefault(key);

    private static Dictionary<string, Recipe> ReadAll()
    {
        var assembly = typeof(RecipeLibrary).Assembly;
        var recipes = new Dictionary<string, Recipe>(StringComparer.Ordinal);
        foreach (var file in assembly.GetManifestResourceNames().Where(n => n.StartsWith(Folder, StringComparison.Ordinal)))
        {
            using var text = new StreamReader(assembly.GetManifestResourceStream(file)!);
            var key = Path.GetFileNameWithoutExtension(file[Folder.Length..]);
            recipes[key] = Read(key, text.ReadToEnd());
        }

        return recipes;
    }

    public static Recipe Read(string key, string yaml)
    {
        var document = (JsonObject)YamlDocument.Read(yaml)!;
        var about = (JsonObject)document["recipe"]!;
        var name = document["name"]!.GetValue<string>();
        document.Remove("recipe");
        document.Remove("name");
        return new Recipe(
            key, name, about["category"]!.GetValue<string>(), about["summary"]!.GetValue<string>(),
            [.. about["asks"]!.AsArray().Select(a => Ask(a!.AsObject()))], document);
    }

    /// <summary><c>{ tag: VIP, label: Tag of your best customers }</c>: the first member is the kind and what stands in the document.</summary>
    private static RecipeAsk Ask(JsonObject ask)
    {
        var (kind, value) = ask.First();
        return EnumNames<RecipeAskKind>.TryParse(kind, out var known)
            ? new RecipeAsk(known, value!.GetValue<string>(), ask["label"]!.GetValue<string>(), (string?)ask["type"])
            : throw new InvalidOperationException($"A recipe cannot ask for a {kind}.");
    }
}
