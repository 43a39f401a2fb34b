using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Millrace.Activities.Contracts;
using Millrace.Kernel.Extensibility;
using Millrace.TestKit;

namespace Millrace.Automations.Tests;

/// <summary>What every step and trigger of the product promises, whichever module it comes from.</summary>
public sealed partial class Catalogue_contract(Product product)
{
    [Fact]
    public void Every_step_has_a_shaped_key_a_title_a_description_and_a_group()
    {
        foreach (var action in product.Services.GetRequiredService<Catalogue<AutomationAction>>().All)
        {
            (action.Key == "goal" || KeyShape().IsMatch(action.Key)).ShouldBeTrue(action.Key);
            action.Title.ShouldNotBeNullOrWhiteSpace(action.Key);
            action.Description.ShouldNotBeNullOrWhiteSpace(action.Key);
            action.Group.ShouldNotBeNullOrWhiteSpace(action.Key);
        }
    }

    [Fact]
    public void Every_trigger_bears_the_key_of_the_activity_it_reacts_to()
    {
        var kinds = product.Services.GetRequiredService<ActivityKinds>();
        foreach (var trigger in product.Services.GetRequiredService<Catalogue<AutomationTrigger>>().All)
        {
            kinds.Of(trigger.ActivityType).Key.ShouldBe(trigger.Key);
            trigger.Title.ShouldNotBeNullOrWhiteSpace(trigger.Key);
        }
    }

    [Fact]
    public void Every_option_has_a_type_the_forms_know_and_required_ones_are_missed()
    {
        var actions = product.Services.GetRequiredService<Catalogue<AutomationAction>>().All.Select(a => (a.Key, a.SettingsType));
        var triggers = product.Services.GetRequiredService<Catalogue<AutomationTrigger>>().All.Select(t => (t.Key, t.SettingsType));
        foreach (var (key, type) in actions.Concat(triggers))
        {
            var shape = SettingsShape.Of(type);
            shape.Options.ShouldAllBe(o => o.Type.Length > 0 && o.Label.Length > 0, key);
            shape.Options.Where(o => o.Type == "reference").ShouldAllBe(o => o.Source != null, key);
            var errors = new List<Kernel.Errors.FieldError>();
            SettingsReader.Read(type, System.Text.Json.JsonElement.Parse("""{"no_such_option":1}"""), "/x", errors);
            errors.ShouldContain(e => e.Path == "/x/no_such_option" && e.Code == "unknown_key", key);
            errors.Where(e => e.Code == "required").Select(e => e.Path).ShouldBe(shape.Members.Where(m => m.IsRequired).Select(m => "/x/" + m.Key), ignoreOrder: true, key);
        }
    }

    [Fact]
    public void Every_kind_of_activity_that_a_condition_or_a_reaction_names_is_declared()
    {
        var declared = product.Services.GetRequiredService<ActivityKinds>().All.Select(k => k.Key).ToHashSet(StringComparer.Ordinal);
        var named = product.Services.GetRequiredService<Catalogue<SegmentCondition>>().All
            .SelectMany(c => c.ActivityKinds(new ConditionLeaf("/", c.Key, 1, ConditionOp.Is, ConditionValue.None, new Dictionary<string, string>())).Select(k => $"{c.Key}: {k}"))
            .Concat(product.Services.GetServices<IReaction>().SelectMany(r => (r.Kinds ?? declared).Select(k => $"{r.GetType().Name}: {k}"))).ToList();
        named.Count.ShouldBeGreaterThan(10);
        named.Where(n => !declared.Contains(n.Split(": ")[1])).ShouldBeEmpty();
    }

    [GeneratedRegex("^[a-z_]+\\.[a-z_]+$")]
    private static partial Regex KeyShape();
}
