// The handlers, by subject. Inside the room only.
#pragma once
#include "server/context.h"
#include "server/router.h"

namespace elanus::server {

void add_search_routes(Router& router, Context& context);   // /v1/search
void add_picture_routes(Router& router, Context& context);  // /v1/images, thumbnails, files
void add_upload_routes(Router& router, Context& context);   // POST and DELETE /v1/images
void add_job_routes(Router& router, Context& context);      // /v1/index, /v1/jobs
void add_system_routes(Router& router, Context& context);   // stats, health, metrics, session
void add_seed_routes(Router& router, Context& context);     // /insert, /search, /count
void add_page_routes(Router& router, Context& context);     // the page and /openapi.json

// nothing when changes are allowed; else permission.
Result<void> may_change(const Context& context);

}  // namespace elanus::server
