using Ark.Panama;
using Ark.Web;
using Ark.Web.Backup;

if (BackupCommand.IsOne(args))
    return await BackupCommand.RunAsync(args, rest => PanamaHost.Build(rest));
var app = PanamaHost.Build(args);
app.Migrate();
app.Run();
return 0;
