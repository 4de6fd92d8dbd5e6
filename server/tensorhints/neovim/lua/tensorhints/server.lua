-- The running server, and its commands.
local M = {}

-- What the server told last of each program, by its URI.
M.states = {}

-- What waits for a server that is starting; nil where none is.
local waiting

function M.starts() waiting = waiting or {} end

-- The server is there, or will not come.
function M.started()
  local acts = waiting or {}
  waiting = nil
  for _, act in ipairs(acts) do act() end
end

-- Now, or once a server that is starting has answered.
function M.once_started(act)
  if waiting then waiting[#waiting + 1] = act else act() end
end

function M.clients(buffer) return vim.lsp.get_clients({ name = 'tensorhints', bufnr = buffer }) end

local function client()
  return M.clients(vim.api.nvim_get_current_buf())[1] or vim.lsp.get_clients({ name = 'tensorhints' })[1]
end

function M.say(text, level) vim.notify(text, level or vim.log.levels.INFO, { title = 'Tensor Hints' }) end

local function command(name, argument)
  return { command = 'tensorhints.server.' .. name, arguments = { argument or vim.empty_dict() } }
end

-- What a command answers that takes no longer than a completion may; nil where it fails.
function M.ask(name)
  local asked = client()
  if not asked then return nil end
  local sync = asked.request_sync
  local answer
  if vim.fn.has('nvim-0.11') == 1 then
    answer = sync(asked, 'workspace/executeCommand', command(name), 1000)
  else
    answer = sync('workspace/executeCommand', command(name), 1000)
  end
  return answer and answer.result
end

-- Runs a command of the server, by its name without prefix; `done` gets what it answers.
function M.execute(name, argument, done)
  if argument == false then return end
  local asked = client()
  if not asked then
    M.say('No Python file is shown to the server: open one. Where one is open, see :checkhealth tensorhints.', vim.log.levels.WARN)
    return
  end
  local params = command(name, argument)
  local function answered(failure, answer)
    if failure then
      M.say(failure.message, vim.log.levels.ERROR)
    elseif type(answer) == 'table' and answer.error then
      M.say(answer.error, vim.log.levels.WARN)
    elseif done then
      done(answer)
    end
  end
  if vim.fn.has('nvim-0.11') == 1 then
    asked:request('workspace/executeCommand', params, answered)
  else
    asked.request('workspace/executeCommand', params, answered)
  end
end

-- The argument that names the file of this window, where the server has it open; false where it has
-- no name yet.
function M.here()
  local buffer = vim.api.nvim_get_current_buf()
  if #M.clients(buffer) == 0 then return vim.empty_dict() end
  if vim.api.nvim_buf_get_name(buffer) == '' then
    M.say('Write this buffer to a file first.', vim.log.levels.WARN)
    return false
  end
  return { uri = vim.uri_from_bufnr(buffer) }
end

return M
