using Millrace.Contacts.BulkImport;
using Millrace.Contacts.Contracts;
using Microsoft.Extensions.DependencyInjection;
using Millrace.Contacts.Bulk;
using Millrace.Contacts.Export;
using Millrace.Kernel.Workers;

namespace Millrace.Contacts.Import;

internal static class ImportServices
{
    /// <summary>Import, export and bulk actions of contacts.</summary>
    public static IServiceCollection AddImportAndExport(this IServiceCollection services) => services
        .AddSingleton<ExistingContactWriter>().AddSingleton<BatchWriter>()
        .AddSingleton<IContactImport, ContactImport>().AddSingleton<BulkImportWriter>().AddWorker<RunBulkImports>(idleDelay: TimeSpan.FromSeconds(1))
        .AddWorker<RunImports>(idleDelay: TimeSpan.FromSeconds(1))
        .AddWorker<RunExports>(idleDelay: TimeSpan.FromSeconds(5))
        .AddSingleton<BulkJobs>().AddSingleton<BulkSettings>().AddSingleton<BulkViews>()
        .AddWorker<RunBulkJobs>(idleDelay: TimeSpan.FromSeconds(1));
}
