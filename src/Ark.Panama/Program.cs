using Ark.Panama;
using Ark.Web;

var app = PanamaHost.Build(args);
app.Migrate();
app.Run();
