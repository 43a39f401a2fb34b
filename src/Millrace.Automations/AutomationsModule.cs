using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Millrace.Activities.Contracts;
using Millrace.Automations.Api;
using Millrace.Automations.Definitions;
using Millrace.Automations.Engine;
using Millrace.Automations.Entry;
using Millrace.Automations.People;
using Millrace.Automations.Recipes;
using Millrace.Automations.Reports;
using Millrace.Automations.Simulating;
using Millrace.Automations.Steps;
using Millrace.Contacts.Contracts;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Workers;
using Millrace.Segments.Contracts;

namespace Millrace.Automations;

/// <summary>Automations: definitions and versions, who is inside, the engine that moves them, the trace of every step. Owns the schema <c>automations</c>.</summary>
public sealed class AutomationsModule : IModule
{
    public static string Name => "automations";

    public static void AddServices(IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<SimulationOptions>().BindConfiguration(SimulationOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services
            .AddSingleton<FlowReader>().AddSingleton<DocumentNodes>().AddSingleton<DocumentNames>().AddSingleton<FlowChecks>().AddSingleton<AutomationDrafts>()
            .AddSingleton<Publishing>().AddSingleton<PeopleInside>().AddSingleton<FlowCache>().AddSingleton<FlowHistory>().AddSingleton<ParsedConditions>().AddSingleton<StepReasons>().AddSingleton<SplitDecision>()
            .AddSingleton<RecipeLibrary>().AddSingleton<RecipeNeeds>().AddSingleton<RecipeStart>()
            .AddSingleton<TimedConditions>().AddSingleton<GoalJumps>().AddSingleton<Exits>().AddSingleton<RunBatch>()
            .AddSingleton<Enrolment>().AddSingleton<RunActions>().AddSingleton<RunEnding>().AddSingleton<LiveFlows>()
            .AddSingleton<IReaction, EnterByTrigger>().AddSingleton<IReaction, NudgeWaiting>().AddSingleton<IReaction, FollowContacts>().AddSingleton<IReaction, ExitOnUnsubscribe>()
            .AddSingleton<ExitOnUnsubscribe>().AddSingleton<SimulationTools>().AddTransient<RunReasons>().AddSingleton<WaitingSteps>().AddSingleton<SimulationSample>().AddSingleton<Simulator>()
            .AddSingleton<IContactQueryFilter, ContactsInAutomation>()
            .AddSingleton(new ConstraintError("automation_name_unique", "automation_exists", "There is an automation of this name already."))
            .AddSingleton(new ConstraintError("automation_label_name_unique", "label_exists", "There is a label of this name already."))
            .AddSingleton<AutomationMap>().AddSingleton<Fragments>().AddSingleton<PublisherNames>()
            .AddSingleton<ISegmentUse, SegmentsInFlows>()
            .AddSingleton<StepNames>().AddWorker<FoldPeriodTallies>(idleDelay: TimeSpan.FromMinutes(5))
            .AddSingleton<StandingContacts>().AddWorker<AdmitStanding>(idleDelay: TimeSpan.FromSeconds(2))
            .AddWorker<EndEverybody>(idleDelay: TimeSpan.FromSeconds(5))
            .AddWorker<AutomationRemoval>(idleDelay: TimeSpan.FromSeconds(5))
            .AddWorker<EnterBySchedule>(idleDelay: TimeSpan.FromSeconds(1))
            .AddBucketWorker<RunEngine>(idleDelay: TimeSpan.FromMilliseconds(500));
    }
}
