using Millrace.Accounts;
using Millrace.Activities;
using Millrace.Api;
using Millrace.Automations;
using Millrace.Contacts;
using Millrace.Insights;
using Millrace.Integrations;
using Millrace.Kernel;
using Millrace.Kernel.Modules;
using Millrace.Messaging;
using Millrace.PersonalMail;
using Millrace.Segments;
using Millrace.Tracking;

namespace Millrace.Host;

/// <summary>The table of contents of the product, in the order of dependency.</summary>
public static class ProductModules
{
    public static IHostApplicationBuilder AddProduct(this IHostApplicationBuilder builder)
    {
        builder.AddKernel();
        builder.AddModule<AccountsModule>()
            .AddModule<ActivitiesModule>()
            .AddModule<ApiModule>()
            .AddModule<ContactsModule>()
            .AddModule<SegmentsModule>()
            .AddModule<MessagingModule>()
            .AddModule<PersonalMailModule>()
            .AddModule<TrackingModule>()
            .AddModule<IntegrationsModule>()
            .AddModule<AutomationsModule>()
            .AddModule<InsightsModule>();
        return builder;
    }
}
